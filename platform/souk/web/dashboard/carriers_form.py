"""What is set for the rates of others, as it is typed: money in major units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from souk.kernel.money import Money, UnreadableAmount
from souk.shipping.carrier_policy import CarrierPolicy
from souk.shipping.errors import CarrierPolicyInvalid
from souk.web.dashboard.typed_values import cleaned, typed_amount

_LABELS = {"fallback_amount": "The price of the replacement", "most": "The most that a rate may cost"}


@dataclass(frozen=True, slots=True)
class CarriersForm:
    """Everything as text, so that a refused form shows what was typed."""

    own_beside: bool
    fallback_title: str
    fallback_amount: str
    most: str


def stored_carriers(policy: CarrierPolicy, currency: str) -> CarriersForm:
    def text(amount: int | None) -> str:
        return "" if amount is None else f"{Money(amount, currency).major:f}"

    return CarriersForm(policy.own_beside, policy.fallback_title, text(policy.fallback_amount), text(policy.most))


def typed_carriers(sent: Mapping[str, str]) -> CarriersForm:
    return CarriersForm(
        sent.get("own", "beside") == "beside",
        cleaned(sent.get("fallback_title", "")),
        cleaned(sent.get("fallback_amount", "")),
        cleaned(sent.get("most", "")),
    )


def policy_of(form: CarriersForm, currency: str) -> CarrierPolicy:
    """Raises CarrierPolicyInvalid for an amount that cannot be read."""
    amounts = {name: _amount(getattr(form, name), name, currency) for name in _LABELS}
    return CarrierPolicy(form.own_beside, form.fallback_title, **amounts)


def _amount(text: str, name: str, currency: str) -> int | None:
    try:
        return typed_amount(text, currency)
    except UnreadableAmount as error:
        raise CarrierPolicyInvalid(name, f"{_LABELS[name]}: {error.detail}") from None
