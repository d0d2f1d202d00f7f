"""Price a cart in the published order: base price -> price lists -> product and order discounts -> shipping -> its
discounts -> tax, each rounded once. Gift cards and store credit pay; they lower no price.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Context, Decimal
from typing import Any

from sqlalchemy.orm import Session

from souk.addresses.postal import postal_key
from souk.cart.queries import CartItem
from souk.checkout.explain import Relief, trace_of
from souk.checkout.taxed_sale import is_taxed, request_of
from souk.customers.queries import is_tax_exempt
from souk.discounts.buyers import NOBODY, Claim
from souk.discounts.evaluate import as_rows, evaluate
from souk.discounts.terms import Outcome
from souk.orders.draft import DraftLine, DraftTax, Priced, Totals
from souk.pricing.rules import Rules, read_rules
from souk.shipping.provider import Parcel, ParcelGoods
from souk.tax.asked import asked_taxation
from souk.tax.calculate import TaxPart, tax_on
from souk.tax.policy import Policy, read_policy, today
from souk.tax.provider import TaxRequest
from souk.tax.rates import Rate
from souk.tax.shipping import tax_on_shipping
from souk.tax.taxation import Taxation, taxation

NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Sale:
    """Where a sale is taxed by the shop's own table, and on which day."""

    policy: Policy
    day: date
    due: Taxation

    def net_shipping(self, items: Sequence[CartItem], amount: int) -> int:
        """Return what shipping (minor units) costs a buyer who does not pay the tax that the shop's prices contain."""
        if not self.due.inside or not amount:
            return amount
        goods: defaultdict[str, int] = defaultdict(int)
        for item in relieved(items, self.due):
            if item.requires_shipping and is_taxed(item):
                goods[item.tax_class] += item.subtotal
        inside = tax_on_shipping(amount, Taxation(self.due.inside), self.policy.shipping, goods, included=True)
        return amount - sum(part.amount for part in inside)


_TWELVE_DIGITS = Context(prec=12)


@dataclass(frozen=True, slots=True)
class TaxRules:
    """What is due, the shop's rule for the tax on shipping, and whether its prices hold their tax.

    `currencies` are the shop's; None where every amount is in its own.
    """

    due: Taxation
    shipping: str
    included: bool
    currencies: Rules | None = None


def price(
    session: Session,
    items: Sequence[CartItem],
    currency: str,
    address: Mapping[str, Any],
    shipping_rate: Mapping[str, Any],
    *,
    claim: Claim | None = NOBODY,
    held: Mapping[str, Any] = NOTHING,
    sale: Sale | None = None,
) -> Priced:
    """Return the priced lines and totals for a destination; without one the shop's own country is assumed.

    `claim` is who buys and which codes they entered; automatic discounts apply in any case but for None, where staff
    have set the prices. `held` are the answers of providers that the checkout holds, `sale` what `sale_at` told.

    Raises Unanswered where the tax provider has to be asked first.
    """
    sale = sale or sale_at(session, address, claim)
    policy, day, due = sale.policy, sale.day, sale.due
    included = policy.included
    full_shipping = sale.net_shipping(items, int(shipping_rate.get("amount", 0)))
    if due.inside and shipping_rate:
        shipping_rate = {**shipping_rate, "amount": full_shipping}
    country = address.get("country", "")
    outcome = Outcome()
    if claim is not None:
        outcome = evaluate(session, relieved(items, due), claim, full_shipping, country, currency)

    def asked() -> TaxRequest:
        return request_of(items, outcome, policy, day, address, currency=currency, shipping=full_shipping)

    due = asked_taxation(session, due, asked, held)
    rules = TaxRules(due, policy.shipping, included, read_rules(session))
    return put_together(items, outcome, rules, currency, shipping_rate)


def sale_at(session: Session, address: Mapping[str, Any], claim: Claim | None) -> Sale:
    """Return how goods that go to `address` are taxed today."""
    policy, day = read_policy(session), today(session)
    buyer = claim.customer_id if claim is not None else None
    exempt = buyer is not None and is_tax_exempt(session, buyer)
    return Sale(policy, day, taxation(session, policy, address, day, exempt=exempt))


def put_together(
    shown: Sequence[CartItem],
    outcome: Outcome,
    rules: TaxRules,
    currency: str,
    shipping_rate: Mapping[str, Any],
) -> Priced:
    """Calculate what the discounts of the relieved items leave, and the tax on that: plain values in and out."""
    due, included = rules.due, rules.included
    items = relieved(shown, due)
    rates = due.of_lines([item.tax_class if is_taxed(item) else None for item in items])
    lines = [
        _line(item, index, outcome, due, rates[index], shown_price=before.unit_price, included=included)
        for index, (item, before) in enumerate(zip(items, shown, strict=True))
    ]
    shipping = int(shipping_rate.get("amount", 0)) - outcome.shipping
    goods = _by_tax_class(items, lines)
    taxes = _taxes(tax_on_shipping(shipping, due, rules.shipping, goods, included=included), due.source)
    return Priced(
        lines,
        replace(_totals(lines, shipping, taxes, currency, included=included), to_base=_to_base(rules, currency)),
        taxes,
        dict(shipping_rate) | ({"discount": outcome.shipping} if outcome.shipping else {}),
        as_rows(outcome.applied, rules.currencies, currency),
        _refused(outcome),
        tax_unknown=due.unknown,
    )


def _to_base(rules: TaxRules, currency: str) -> str:
    factor = rules.currencies.factor(currency) if rules.currencies else Decimal(1)
    return "1" if factor == 1 else str((1 / factor).normalize(_TWELVE_DIGITS))


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


def parcel_of(items: Sequence[CartItem], currency: str, address: Mapping[str, Any]) -> Parcel | None:
    """Return what has to be sent, None when nothing has to."""
    sent = [item for item in items if item.requires_shipping]
    if not sent:
        return None
    weight = sum(item.weight_grams * item.quantity for item in sent)
    country = address.get("country", "")
    return Parcel(
        country,
        weight,
        sum(item.subtotal for item in sent),
        currency,
        province=address.get("state", "").upper(),
        postal_key=postal_key(country, address.get("postal_code", "")),
        city=str(address.get("city", "")),
        items=tuple(
            ParcelGoods(item.sku, item.title, item.quantity, item.weight_grams, item.unit_price, item.profile)
            for item in sent
        ),
    )


def relieved(items: Sequence[CartItem], due: Taxation) -> list[CartItem]:
    """Return the items at the prices of this buyer: those relieved of tax do not pay what the prices hold."""
    return [_relieved(item, due) for item in items]


def _relieved(item: CartItem, due: Taxation) -> CartItem:
    if not due.inside or not is_taxed(item):
        return item
    net = due.net_price(item.unit_price, item.tax_class)
    return replace(item, unit_price=net)


def _by_tax_class(items: Sequence[CartItem], lines: Sequence[DraftLine]) -> dict[str, int]:
    sent: defaultdict[str, int] = defaultdict(int)
    for item, line in zip(items, lines, strict=True):
        if item.requires_shipping and is_taxed(item):
            sent[item.tax_class] += line.subtotal - line.discount_total
    return dict(sent)


def _line(
    item: CartItem,
    index: int,
    outcome: Outcome,
    taxed: Taxation,
    due: Sequence[Rate],
    *,
    shown_price: int,
    included: bool,
) -> DraftLine:
    off = outcome.of_line(index)
    taxes = _taxes(tax_on(item.subtotal - off, due, included=included), taxed.source)
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
        price_trace=trace_of(item, index, outcome, taxes, Relief(taxed.relief, shown_price), included=included),
        discount_total=off,
        gift_card=item.gift_card,
        components=item.components or (),
        digital=item.digital,
    )


def _taxes(parts: Sequence[TaxPart], source: str) -> list[DraftTax]:
    return [DraftTax(part.title, str(part.rate), part.amount, part.included, source) for part in parts]


def _refused(outcome: Outcome) -> list[dict[str, Any]]:
    known = [{"code": one.terms.code, "reason": one.reason, "missing": one.missing} for one in outcome.refused]
    return known + [{"code": code, "reason": "unknown", "missing": 0} for code in outcome.unknown]
