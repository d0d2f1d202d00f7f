"""What a buyer tells on the way, checked and priced before anything is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from souk.addresses.fields import clean_address
from souk.checkout.fields import clean_fields
from souk.checkout.pickup import collects
from souk.checkout.queries import CheckoutRow
from souk.checkout.read import ANSWERS, Assessment, assess
from souk.kernel.asking import used_answers
from souk.kernel.email_address import normalize_email
from souk.payments.errors import UnknownPaymentMethod
from souk.payments.provider import offered
from souk.shipping.errors import UnknownShippingRate

MAX_NOTE = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """None leaves a value as it is; `extras` are laid over those that are there.

    `or_cheapest`: a rate that is not offered gives way to the cheapest one instead of being refused.
    """

    email: str | None = None
    shipping_address: Mapping[str, Any] | None = None
    billing_address: Mapping[str, Any] | None = None
    shipping_code: str | None = None
    payment_provider: str | None = None
    note: str | None = None
    accepts_marketing: bool | None = None
    extras: Mapping[str, Any] | None = None
    or_cheapest: bool = False


UNCHANGED = Changes()


def apply_changes(session: Session, checkout: CheckoutRow, changes: Changes) -> tuple[CheckoutRow, Assessment]:
    """Return the checkout as it would be, priced; nothing is written.

    Raises:
        BadEmail, BadAddress, UnknownShippingRate, UnknownPaymentMethod.
        Unanswered: providers have to be asked first.

    """
    told = {name: value for name, value in _cleaned(session, checkout, changes).items() if value is not None}
    changed = replace(checkout, **told)
    now = assess(session, changed, or_cheapest=changes.or_cheapest)
    rate = now.priced.shipping_line
    stands = rate.get("code") == changes.shipping_code and (not collects(rate) or "pickup" in rate)
    if changes.shipping_code is not None and not changes.or_cheapest and not stands:
        raise UnknownShippingRate(changes.shipping_code)
    # A rate chosen for another address may not be offered any more: it goes, and the requirement comes back.
    extras = _holding(session, changed.extras)
    return replace(changed, shipping_rate=rate, totals=now.priced.to_json(), extras=extras), now


def _holding(session: Session, extras: Mapping[str, Any]) -> Mapping[str, Any]:
    """Hold what providers answered: what is shown is what is charged, whatever they would say by then."""
    answers = used_answers(session)
    if answers:
        return {**extras, ANSWERS: answers}
    return {name: value for name, value in extras.items() if name != ANSWERS} if ANSWERS in extras else extras


def _cleaned(session: Session, checkout: CheckoutRow, told: Changes) -> dict[str, Any]:
    return {
        "email": None if told.email is None else normalize_email(told.email),
        "shipping_address": None if told.shipping_address is None else clean_address(told.shipping_address),
        "billing_address": None if told.billing_address is None else clean_address(told.billing_address),
        "shipping_rate": None if told.shipping_code is None else {"code": told.shipping_code},
        "payment_provider": None if told.payment_provider is None else _known(session, told.payment_provider),
        "note": None if told.note is None else told.note[:MAX_NOTE],
        "accepts_marketing": told.accepts_marketing,
        "extras": None if told.extras is None else {**checkout.extras, **_cleaned_extras(session, told.extras)},
    }


def _cleaned_extras(session: Session, told: Mapping[str, Any]) -> dict[str, Any]:
    gift = {name: str(text).strip()[:MAX_NOTE] for name, text in told.get("gift", {}).items()}
    if gift.get("email"):
        gift["email"] = normalize_email(gift["email"])
    answers = {"fields": clean_fields(session, told["fields"])} if "fields" in told else {}
    return {**told, **({"gift": gift} if "gift" in told else {}), **answers}


def _known(session: Session, name: str) -> str:
    if name not in {provider.name for provider in offered(session)}:
        raise UnknownPaymentMethod(name)
    return name
