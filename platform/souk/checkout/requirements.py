"""What still blocks the payment: a list computed from the facts, not a state machine."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from souk.addresses.complete import missing_fields, wrong_postal_code, wrong_state
from souk.addresses.postal import postal_key
from souk.cart.queries import CartItem
from souk.checkout.pickup import collects
from souk.orders.draft import Priced
from souk.tax.errors import BadVatNumber
from souk.tax.policy import read_policy
from souk.tax.territory import member_state
from souk.tax.vat_number import vat_country

Validator = Callable[[Session, Priced, Mapping[str, Any]], Sequence["Requirement"]]


@dataclass(frozen=True, slots=True)
class Requirement:
    """`field` names the input that cures it, such as `shipping_address.city`."""

    code: str
    field: str
    message: str

    def to_json(self) -> dict[str, str]:
        return {"code": self.code, "field": self.field, "message": self.message}


_TAX_UNKNOWN = "The tax for this address cannot be calculated at the moment; try again in a minute."
_validators: dict[str, Validator] = {}


def install_validator(name: str, validator: Validator) -> None:
    """Let `validator(session, priced, address)` add requirements to every checkout."""
    _validators[name] = validator


def requirements_of(session: Session, checkout: Any, items: Sequence[CartItem], priced: Priced) -> list[Requirement]:
    """Return everything that is missing before the checkout can be paid; empty when it is ready."""
    missing = [*_of_items(items)]
    if not checkout.email:
        missing.append(Requirement("email_missing", "email", "Give an e-mail address."))
    if any(item.requires_shipping for item in items):
        line, address = priced.shipping_line, checkout.shipping_address
        missing += _of_collecting(address, line) if collects(line) else _of_shipping(address, shippable=bool(line))
    missing += _of_tax_number(session, checkout.shipping_address)
    if priced.tax_unknown:
        missing.append(Requirement("tax_unknown", "shipping_address.country", _TAX_UNKNOWN))
    if priced.due and not checkout.payment_provider:
        missing.append(Requirement("payment_missing", "payment_provider", "Choose how to pay."))
    for validator in tuple(_validators.values()):
        missing += validator(session, priced, checkout.shipping_address)
    return missing


def _of_tax_number(session: Session, address: Mapping[str, Any]) -> list[Requirement]:
    """A number that relieves nobody would be found out after the payment, when the tax can no longer be taken."""
    number, home = address.get("tax_number", ""), read_policy(session).country
    country, code = address.get("country", ""), address.get("postal_code", "")
    within_union = member_state(home) and member_state(country, postal_key(country, code))
    if not number or not within_union or vat_country(number):
        return []
    return [Requirement("tax_number_invalid", "shipping_address.tax_number", BadVatNumber().detail)]


def _of_items(items: Sequence[CartItem]) -> list[Requirement]:
    if not items:
        return [Requirement("cart_empty", "cart", "Put something into the cart.")]
    return [
        Requirement("not_for_sale", f"variant_{item.variant_id}", f"{item.title} is no longer sold; remove it.")
        for item in items
        if not item.for_sale
    ]


def _of_place(address: Mapping[str, Any]) -> list[Requirement]:
    """A wrong code or state is told now: later the parcel comes back, and tax is taken for another place."""
    wrong = []
    if example := wrong_postal_code(address):
        message = f"This is no postal code of {address['country']}; one looks like {example}."
        wrong.append(Requirement("address_invalid", "shipping_address.postal_code", message))
    if wrong_state(address):
        message = f"{address['country']} has no such state; give its ISO 3166-2 code, such as the CA of US-CA."
        wrong.append(Requirement("address_invalid", "shipping_address.state", message))
    return wrong


def _of_collecting(address: Mapping[str, Any], line: Mapping[str, Any]) -> list[Requirement]:
    """Nothing is sent: somebody has to come, and a business needs its address on the invoice."""
    of_business = address.get("company") or address.get("tax_number")
    needed = missing_fields(address) if of_business else [name for name in ("name",) if not address.get(name)]
    missing = [_incomplete(field) for field in needed]
    if "pickup" in line:
        return missing
    message = "This place has not everything any more; choose another one, or have the order sent."
    return [*missing, Requirement("pickup_missing", "pickup_code", message)]


def _incomplete(field: str) -> Requirement:
    message = f"Complete the address: {field.replace('_', ' ')}."
    return Requirement("address_incomplete", f"shipping_address.{field}", message)


def _of_shipping(address: Mapping[str, Any], *, shippable: bool) -> list[Requirement]:
    missing = [_incomplete(field) for field in missing_fields(address)]
    missing += _of_place(address)
    if missing or shippable:
        return missing
    return [Requirement("shipping_rate_missing", "shipping_code", "Choose a shipping rate.")]
