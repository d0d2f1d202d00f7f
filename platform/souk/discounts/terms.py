"""The plain values that discounts are calculated from: no row, no session, no clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

PRODUCT, ORDER, SHIPPING = CLASSES = ("product", "order", "shipping")


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a basket; money in minor units. What is not `discountable` (a gift card) never gets cheaper."""

    product_id: int
    quantity: int
    unit_price: int
    collections: frozenset[int] = frozenset()
    discountable: bool = True

    @property
    def subtotal(self) -> int:
        return self.quantity * self.unit_price


@dataclass(frozen=True, slots=True)
class Basket:
    """What is bought, and what sending it to `country` (ISO 3166-1 alpha-2, empty while unknown) costs."""

    items: Sequence[Item]
    shipping: int = 0
    country: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """Which products are meant: those named and those of the named collections; with neither, all."""

    products: frozenset[int] = frozenset()
    collections: frozenset[int] = frozenset()

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Scope:
        return cls(frozenset(stored.get("products", ())), frozenset(stored.get("collections", ())))

    def covers(self, item: Item) -> bool:
        if not item.discountable:
            return False
        named = item.product_id in self.products or bool(self.collections & item.collections)
        return named or not (self.products or self.collections)


@dataclass(frozen=True, slots=True)
class BuyGet:
    """Who takes `buys_quantity` of one scope gets `gets_quantity` of the other at a lower price."""

    buys: Scope
    buys_quantity: int
    gets: Scope
    gets_quantity: int
    uses_per_order: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """One discount in play. `value` is per cent or minor units, as `value_type` says; money in minor units."""

    id: int
    title: str
    kind: str
    value_type: str
    value: Decimal = Decimal(0)
    code: str = ""
    code_id: int | None = None
    applies_to: Scope = field(default_factory=Scope)
    buy_get: BuyGet | None = None
    minimum_subtotal: int = 0
    minimum_quantity: int = 0
    tags: frozenset[str] = frozenset()
    first_order: bool = False
    per_customer: int | None = None
    countries: frozenset[str] = frozenset()
    max_shipping: int | None = None
    combines_with: frozenset[str] = frozenset()
    budget_left: int | None = None
    # Why it cannot be used whatever is in the basket: one of the reasons of `errors`; empty when it can.
    closed: str = ""

    def combines(self, other: Terms) -> bool:
        """Both have to agree: one careless setting never gives goods away."""
        return other.kind in self.combines_with and self.kind in other.combines_with


@dataclass(frozen=True, slots=True)
class BuyerFacts:
    """Who buys; `orders` is None and `uses` empty while nobody has said who they are."""

    tags: frozenset[str] = frozenset()
    orders: int | None = None
    # discount id -> how often this buyer has used it
    uses: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Applied:
    """What one discount takes off: `lines` in the order of the basket's items, `shipping` off the delivery."""

    terms: Terms
    lines: Sequence[int]
    shipping: int = 0

    @property
    def amount(self) -> int:
        return sum(self.lines) + self.shipping


@dataclass(frozen=True, slots=True)
class Refused:
    """A discount that is not applied; `reason` names the error of `errors` that says so to a buyer."""

    terms: Terms
    reason: str
    missing: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """`applied` in the published order; `refused` holds the codes that were entered and why they do not count."""

    applied: Sequence[Applied] = ()
    refused: Sequence[Refused] = ()
    unknown: Sequence[str] = ()

    @property
    def shipping(self) -> int:
        return sum(one.shipping for one in self.applied)

    def of_line(self, index: int) -> int:
        """Return what all discounts together take off one line."""
        return sum(one.lines[index] for one in self.applied)
