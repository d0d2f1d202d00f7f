"""Collect an order instead of having it sent: which locations a checkout offers, and how it names the chosen one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from souk.cart.queries import CartItem
from souk.checkout.draft_terms import held_until, is_draft
from souk.checkout.queries import CheckoutRow
from souk.inventory.pickup import locations_with_all
from souk.pricing.rules import read_rules

# No name of a merchant's rate makes a code with a colon, so that none is taken for a place.
PREFIX = "pickup:"
# Collecting is wanted, no place is chosen yet.
ANYWHERE = "pickup"


@dataclass(frozen=True, slots=True)
class PickUp:
    """A place where this order can be collected; `amount` in minor units of the checkout's currency."""

    location_id: int
    name: str
    address: Mapping[str, str]
    instructions: str
    ready_hours: int
    amount: int

    @property
    def code(self) -> str:
        return f"{PREFIX}{self.location_id}"

    def to_json(self) -> dict[str, Any]:
        """Return what a checkout and its order keep in the place of a shipping rate."""
        place = {
            "location_id": self.location_id, "name": self.name, "address": dict(self.address),
            "instructions": self.instructions, "ready_hours": self.ready_hours,
        }  # fmt: skip
        return {"code": self.code, "title": self.name, "provider": ANYWHERE, "amount": self.amount, "pickup": place}


def collects(rate: Mapping[str, Any]) -> bool:
    """Tell whether a checkout's choice is to collect."""
    code = str(rate.get("code", ""))
    return code == ANYWHERE or code.startswith(PREFIX)


def wanted_code(checkout: CheckoutRow) -> str:
    """Return the code of the buyer's choice; where staff set a place in a draft it is that one."""
    place = checkout.terms.get("pickup")
    return f"{PREFIX}{place}" if place else str(checkout.shipping_rate.get("code", ""))


def chosen_country(checkout: CheckoutRow) -> str:
    """Return the country of the chosen place, '' where the goods are sent."""
    code = wanted_code(checkout)
    places = (row for row in checkout.pickups if f"{PREFIX}{row['id']}" == code)
    return str(next((row["address"].get("country", "") for row in places), ""))


def pickups_of(session: Session, checkout: CheckoutRow, items: Sequence[CartItem]) -> list[PickUp]:
    """Return the places that have every line of the cart on their shelves, in the order in which they serve.

    A draft has the place that staff set, at their price where they set one. Shops without such places pay no statement
    for it.
    """
    rows = _open_to(checkout)
    if not rows or not any(item.requires_shipping for item in items):
        return []
    able = {row["id"] for row in rows}
    if not (checkout.terms.get("pickup") and held_until(checkout.terms)):
        able = locations_with_all(session, sorted(able), _from_shelf(items))
    rules, fixed = read_rules(session), checkout.terms.get("shipping") or {}
    return [
        place_of(row, int(fixed.get("amount", rules.price(row["pickup"]["price"], checkout.currency))))
        for row in rows
        if row["id"] in able
    ]


def _open_to(checkout: CheckoutRow) -> Sequence[Mapping[str, Any]]:
    if not is_draft(checkout.terms):
        return checkout.pickups
    place = checkout.terms.get("pickup")
    if place is None:
        # What staff ask for sending is for sending.
        return () if checkout.terms.get("shipping") else checkout.pickups
    return [row for row in checkout.pickups if row["id"] == place]


def place_of(row: Mapping[str, Any], amount: int) -> PickUp:
    """Return a location that hands over as a choice for `amount` (minor units of the buyer's currency)."""
    terms = row["pickup"]
    return PickUp(row["id"], row["name"], row["address"], terms["instructions"], terms["ready_hours"], amount)


def _from_shelf(items: Sequence[CartItem]) -> Mapping[int, int]:
    wanted: Counter[int] = Counter()
    for item in items:
        for part in item.components or [{"variant_id": item.variant_id, "quantity": 1}]:
            wanted[int(part["variant_id"])] += int(part["quantity"]) * item.quantity
    return wanted


def choose(places: Sequence[PickUp], rate: Mapping[str, Any]) -> PickUp | None:
    """Return the place that is chosen, the first where any will do; one that has not everything gives way to none:
    a buyer must not be sent to another town unasked.
    """
    if rate.get("code") == ANYWHERE:
        return next(iter(places), None)
    return next((place for place in places if place.code == rate.get("code")), None)


def location_of(shipping_line: Mapping[str, Any]) -> int | None:
    """Return the location that hands the goods over, None where they are sent."""
    place = shipping_line.get("pickup")
    return int(place["location_id"]) if place else None


def address_at(shipping_line: Mapping[str, Any], buyer: Mapping[str, Any]) -> dict[str, Any]:
    """Return the address of an order that is collected: the buyer's name and telephone at the place."""
    place = shipping_line["pickup"]
    told = {"name": buyer.get("name", ""), "phone": buyer.get("phone", ""), "company": place["name"]}
    # An edit lays this over the billing address: a number there must not relieve goods that are handed over here.
    return {"line2": "", "state": "", "postal_code": "", "tax_number": "", **place["address"], **told}
