"""Price a cart: base price -> discounts -> shipping -> tax, each rounded once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from souk.cart.queries import CartItem
from souk.kernel.settings import read_setting
from souk.orders.draft import DraftLine, DraftTax, Priced, Totals
from souk.shipping.provider import Parcel
from souk.tax.calculate import TaxPart, tax_on
from souk.tax.rates import Rate, rates_at, rates_for_class, rates_for_shipping


def price(
    session: Session,
    items: Sequence[CartItem],
    currency: str,
    address: Mapping[str, Any],
    shipping_rate: Mapping[str, Any],
) -> Priced:
    """Return the priced lines and totals for a destination; without one the shop's own country is assumed."""
    shop = read_setting(session, "shop")
    included = bool(shop.get("prices_include_tax"))
    country = address.get("country") or (shop.get("country", "") if included else "")
    rates = rates_at(session, country, address.get("state", "")) if country else []
    lines = [_line(item, rates, included=included) for item in items]
    shipping = int(shipping_rate.get("amount", 0))
    shipping_taxes = _taxes(tax_on(shipping, rates_for_shipping(rates), included=included))
    taxes = [tax for line in lines for tax in line.taxes] + shipping_taxes
    subtotal = sum(line.subtotal for line in lines)
    discounts = sum(line.discount_total for line in lines)
    added = sum(tax.amount for tax in taxes if not tax.included)
    totals = Totals(
        currency=currency,
        prices_include_tax=included,
        subtotal=subtotal,
        discount_total=discounts,
        shipping_total=shipping,
        included_tax_total=sum(tax.amount for tax in taxes if tax.included),
        additional_tax_total=added,
        total=subtotal - discounts + shipping + added,
    )
    return Priced(lines, totals, shipping_taxes, dict(shipping_rate))


def parcel_of(items: Sequence[CartItem], currency: str, country: str) -> Parcel | None:
    """Return what has to be sent, None when nothing has to."""
    sent = [item for item in items if item.requires_shipping]
    if not sent:
        return None
    weight = sum(item.weight_grams * item.quantity for item in sent)
    return Parcel(country, weight, sum(item.subtotal for item in sent), currency)


def _line(item: CartItem, rates: Sequence[Rate], *, included: bool) -> DraftLine:
    due = rates_for_class(rates, item.tax_class) if item.taxable else []
    return DraftLine(
        variant_id=item.variant_id,
        product_id=item.product_id,
        title=item.title,
        variant_title=item.variant_title,
        sku=item.sku,
        vendor=item.vendor,
        image_key=item.image_key,
        quantity=item.quantity,
        unit_price=item.unit_price,
        subtotal=item.subtotal,
        requires_shipping=item.requires_shipping,
        taxable=item.taxable,
        weight_grams=item.weight_grams,
        taxes=_taxes(tax_on(item.subtotal, due, included=included)),
        price_trace=[{"step": "base", "amount": item.unit_price}],
    )


def _taxes(parts: Sequence[TaxPart]) -> list[DraftTax]:
    return [DraftTax(part.title, str(part.rate), part.amount, part.included) for part in parts]
