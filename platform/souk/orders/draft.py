"""What an order is made of: plain values that survive as JSON between pricing, payment and placement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class DraftTax:
    """`rate` is a fraction as text, exact: "0.190000". `source` names the tax provider, '' is the shop's own table."""

    title: str
    rate: str
    amount: int
    included: bool
    source: str = ""


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A line at the price that the buyer was shown, in minor units.

    `components` of a bundle: [{variant_id, quantity, title, variant_title, sku}], for each unit of it.
    """

    variant_id: int
    product_id: int
    title: str
    variant_title: str
    sku: str
    vendor: str
    image_key: str
    quantity: int
    unit_price: int
    subtotal: int
    requires_shipping: bool
    taxable: bool
    weight_grams: int
    taxes: Sequence[DraftTax]
    price_trace: Sequence[Mapping[str, Any]]
    discount_total: int = 0
    gift_card: bool = False
    components: Sequence[Mapping[str, Any]] = ()
    # Its buyer gets files once it is paid.
    digital: bool = False

    @property
    def tax_total(self) -> int:
        return sum(tax.amount for tax in self.taxes)

    def from_shelf(self) -> list[tuple[int, int]]:
        """Return (variant, quantity) of what is taken from the stock: the line's variant, or a bundle's parts."""
        if not self.components:
            return [(self.variant_id, self.quantity)]
        return [(int(part["variant_id"]), int(part["quantity"]) * self.quantity) for part in self.components]


@dataclass(frozen=True, slots=True)
class Totals:
    """Minor units of `currency`; `total` is what is charged.

    `to_base`, a decimal number as text, is what a minor unit was worth in minor units of the shop's currency.
    """

    currency: str
    prices_include_tax: bool
    subtotal: int
    discount_total: int
    shipping_total: int
    included_tax_total: int
    additional_tax_total: int
    total: int
    to_base: str = "1"


@dataclass(frozen=True, slots=True)
class Priced:
    """Priced lines with their totals, as they were shown and as they are charged."""

    lines: Sequence[DraftLine]
    totals: Totals
    shipping_taxes: Sequence[DraftTax]
    shipping_line: Mapping[str, Any]
    # [{discount_id, code_id, title, code, class, amount}] in the order in which they were applied
    discounts: Sequence[Mapping[str, Any]] = ()
    # [{code, reason, missing}]: entered codes that do not count
    refused_codes: Sequence[Mapping[str, Any]] = ()
    # [{gift_card_id, kind, label, amount, left}]: what cards and credit pay of the total
    paid_by: Sequence[Mapping[str, Any]] = ()
    # The tax provider is silent, and the shop takes no order without its answer.
    tax_unknown: bool = False

    @property
    def due(self) -> int:
        """What is left for a payment provider to charge, in minor units."""
        return self.totals.total - sum(int(part["amount"]) for part in self.paid_by)

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"total": self.totals.total, "due": self.due}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Priced:
        lines = [DraftLine(**{**line, "taxes": [DraftTax(**tax) for tax in line["taxes"]]}) for line in stored["lines"]]
        taxes = [DraftTax(**tax) for tax in stored["shipping_taxes"]]
        return cls(
            lines,
            Totals(**stored["totals"]),
            taxes,
            stored["shipping_line"],
            stored.get("discounts", ()),
            stored.get("refused_codes", ()),
            stored.get("paid_by", ()),
            stored.get("tax_unknown", False),
        )


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who buys, and where the goods go."""

    email: str
    customer_id: int | None
    locale: str
    shipping_address: Mapping[str, Any]
    billing_address: Mapping[str, Any]
    note: str
    source: str
    # [{id, label, value}]: what plugins asked in the checkout.
    fields: Sequence[Mapping[str, str]] = ()
