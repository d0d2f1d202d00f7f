"""Price a cart in the published order: base price -> list -> product and order discounts -> shipping -> its
discounts -> tax, each rounded once. Gift cards and store credit pay; they lower no price.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from souk.cart.queries import CartItem
from souk.checkout.explain import trace_of
from souk.discounts.buyers import NOBODY, Claim
from souk.discounts.evaluate import as_rows, evaluate
from souk.discounts.terms import Outcome
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
    *,
    claim: Claim = NOBODY,
) -> Priced:
    """Return the priced lines and totals for a destination; without one the shop's own country is assumed.

    `claim` is who buys and which codes they entered; automatic discounts apply in any case.
    """
    shop = read_setting(session, "shop")
    included = bool(shop.get("prices_include_tax"))
    country = address.get("country") or (shop.get("country", "") if included else "")
    rates = rates_at(session, country, address.get("state", "")) if country else []
    full_shipping = int(shipping_rate.get("amount", 0))
    outcome = evaluate(session, items, claim, full_shipping, address.get("country", ""))
    lines = [_line(item, index, outcome, rates, included=included) for index, item in enumerate(items)]
    shipping = full_shipping - outcome.shipping
    taxes = _taxes(tax_on(shipping, rates_for_shipping(rates), included=included))
    return Priced(
        lines,
        _totals(lines, shipping, taxes, currency, included=included),
        taxes,
        dict(shipping_rate) | ({"discount": outcome.shipping} if outcome.shipping else {}),
        as_rows(outcome.applied),
        _refused(outcome),
    )


def _totals(
    lines: Sequence[DraftLine], shipping: int, shipping_taxes: Sequence[DraftTax], currency: str, *, included: bool
) -> Totals:
    taxes = [tax for line in lines for tax in line.taxes] + list(shipping_taxes)
    subtotal = sum(line.subtotal for line in lines)
    discounts = sum(line.discount_total for line in lines)
    added = sum(tax.amount for tax in taxes if not tax.included)
    return Totals(
        currency=currency,
        prices_include_tax=included,
        subtotal=subtotal,
        discount_total=discounts,
        shipping_total=shipping,
        included_tax_total=sum(tax.amount for tax in taxes if tax.included),
        additional_tax_total=added,
        total=subtotal - discounts + shipping + added,
    )


def parcel_of(items: Sequence[CartItem], currency: str, country: str) -> Parcel | None:
    """Return what has to be sent, None when nothing has to."""
    sent = [item for item in items if item.requires_shipping]
    if not sent:
        return None
    weight = sum(item.weight_grams * item.quantity for item in sent)
    return Parcel(country, weight, sum(item.subtotal for item in sent), currency)


def _line(item: CartItem, index: int, outcome: Outcome, rates: Sequence[Rate], *, included: bool) -> DraftLine:
    # A gift card is money in another form: tax is due on what it buys one day.
    due = rates_for_class(rates, item.tax_class) if item.taxable and not item.gift_card else []
    off = outcome.of_line(index)
    taxes = _taxes(tax_on(item.subtotal - off, due, included=included))
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
        taxes=taxes,
        price_trace=trace_of(item, index, outcome, taxes, included=included),
        discount_total=off,
        gift_card=item.gift_card,
        components=item.components or (),
    )


def _taxes(parts: Sequence[TaxPart]) -> list[DraftTax]:
    return [DraftTax(part.title, str(part.rate), part.amount, part.included) for part in parts]


def _refused(outcome: Outcome) -> list[dict[str, Any]]:
    known = [{"code": one.terms.code, "reason": one.reason, "missing": one.missing} for one in outcome.refused]
    return known + [{"code": code, "reason": "unknown", "missing": 0} for code in outcome.unknown]
