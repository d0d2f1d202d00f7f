"""Say what is wrong beside the field that cures it."""

from __future__ import annotations

from collections.abc import Mapping

from souk.checkout.read import CheckoutView
from souk.checkout.requirements import Requirement
from souk.kernel.errors import SoukError
from souk.kernel.translations import Translator
from souk.web.checkout.form import CheckoutForm
from souk.web.texts import explain


def problems_of(
    view: CheckoutView, form: CheckoutForm | None, error: SoukError | None, translate: Translator
) -> Mapping[str, str]:
    """Return message by field; before a try to go on nobody is told that an empty field is empty."""
    if error is not None and "field" in error.extra:
        return {str(error.extra["field"]): explain(error, translate)}
    refused = error is not None and error.code == "requirements_not_met"
    if refused or (error is None and form is not None and form.goes_on):
        return {_field(one): _text(one, translate) for one in view.requirements}
    return {}


def _field(requirement: Requirement) -> str:
    return requirement.field.removeprefix("shipping_address.")


def _text(requirement: Requirement, translate: Translator) -> str:
    """A validator of a plugin speaks for itself."""
    for key in (f"errors.{requirement.code}.{_field(requirement)}", f"errors.{requirement.code}"):
        text = translate(key)
        if text != key:
            return text
    return requirement.message
