"""Compute what an edit makes of an order; nothing is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.kernel.money import round_half_up
from souk.orders.balance import balance_of
from souk.orders.editing.added_tax import Added, taxation_of_added
from souk.orders.editing.errors import BadEditLine
from souk.orders.errors import UnknownOrder
from souk.orders.goods import BY_STAFF, Goods, goods_for
from souk.orders.markets import order_market
from souk.orders.models import Order, OrderLine, TaxLine
from souk.tax.calculate import tax_on
from souk.tax.rates import STANDARD, Rate

MOST = 10_000


@dataclass(frozen=True, slots=True)
class PlannedTax:
    """`id` is None for a new line's."""

    id: int | None
    title: str
    rate: Decimal
    amount: int
    included: bool
    source: str = ""


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """A line before and after, in units and minor units; `row` are the columns of a new line, `id` then None."""

    id: int | None
    variant_id: int | None
    level_id: int | None
    title: str
    variant_title: str
    sku: str
    before: int
    after: int
    least: int
    unit_price: int
    subtotal: int
    discount_total: int
    taxes: Sequence[PlannedTax]
    original: Mapping[str, Any]
    row: Mapping[str, Any]
    # A bundle's parts with the levels that serve them: [{variant_id, quantity, level_id, ...}].
    components: Sequence[Mapping[str, Any]] = ()

    @property
    def tax_total(self) -> int:
        return sum(tax.amount for tax in self.taxes)

    @property
    def set_by_staff(self) -> bool:
        """Whether the price of a new line is not that of the buyer's lists."""
        return any(step["step"] == BY_STAFF for step in self.row.get("price_trace", ()))


@dataclass(frozen=True, slots=True)
class EditPlan:
    """`total` is what the order will cost, `outstanding` what the buyer then owes, below zero what goes back."""

    order_id: int
    version: int
    currency: str
    lines: Sequence[PlannedLine]
    totals: Mapping[str, int]
    total_before: int
    outstanding: int
    # The tax provider is silent about added goods, and the shop wants no order then: this cannot be made true.
    tax_unknown: bool = False

    @property
    def difference(self) -> int:
        return self.totals["total"] - self.total_before

    @property
    def changed(self) -> Sequence[PlannedLine]:
        return [line for line in self.lines if line.before != line.after]


def plan_edit(session: Session, order_id: int, content: Mapping[str, Any]) -> EditPlan:
    """Return the order as `content` would make it: {lines: {line: quantity}, added: [{variant_id, quantity, ...}]}.

    A line keeps its unit price; its discount follows the quantity, its tax the rates of the order's day. At the
    quantity of before the first edit every amount is what it was.

    Raises:
        UnknownOrder, UnknownGoods, BadEditLine.
        Unanswered: the tax provider has to be asked about added goods first.

    """
    order = _order(session, order_id)
    taxes = session.execute(select(*TaxLine.__table__.c).where(TaxLine.order_id == order_id)).all()
    wanted = {int(line_id): quantity for line_id, quantity in content.get("lines", {}).items()}
    columns = select(*OrderLine.__table__.c).where(OrderLine.order_id == order_id).order_by(OrderLine.id)
    lines = [
        _kept(line, wanted.get(line.id, line.quantity), [tax for tax in taxes if tax.order_line_id == line.id])
        for line in session.execute(columns)
    ]
    added, unknown = _added(session, order, content.get("added", ()), taxes)
    lines += added
    shipping_taxes = [tax for tax in taxes if tax.order_line_id is None]
    totals = _totals(order, lines, shipping_taxes)
    owed = balance_of(session, order_id).outstanding
    rises = totals["total"] - order.total
    return EditPlan(order_id, order.version, order.currency, lines, totals, order.total, owed + rises, unknown)


def _order(session: Session, order_id: int) -> Any:
    columns = (
        Order.id, Order.version, Order.currency, Order.total, Order.shipping_total, Order.prices_include_tax,
        Order.shipping_address, Order.billing_address, Order.customer_id, Order.placed_at,
    )  # fmt: skip
    row = session.execute(select(*columns).where(Order.id == order_id)).first()
    if row is None:
        raise UnknownOrder
    return row


def _kept(line: Any, quantity: int, taxes: Sequence[Any]) -> PlannedLine:
    least = max(line.fulfilled_quantity + line.canceled_quantity, line.refunded_quantity)
    if quantity != line.quantity and not least <= quantity <= MOST:
        raise BadEditLine(line.title, least)
    original = line.original or {
        "quantity": line.quantity,
        "subtotal": line.subtotal,
        "discount_total": line.discount_total,
        "taxes": {str(tax.id): tax.amount for tax in taxes},
    }
    subtotal, discount, planned = _amounts(line, quantity, taxes, original)
    return PlannedLine(
        id=line.id, variant_id=line.variant_id, level_id=line.level_id, title=line.title,
        variant_title=line.variant_title, sku=line.sku, before=line.quantity, after=quantity, least=least,
        unit_price=line.unit_price, subtotal=subtotal, discount_total=discount, taxes=planned, original=original,
        row={}, components=line.components,
    )  # fmt: skip


def _amounts(
    line: Any, quantity: int, taxes: Sequence[Any], original: Mapping[str, Any]
) -> tuple[int, int, list[PlannedTax]]:
    if quantity == line.quantity:
        return line.subtotal, line.discount_total, [_tax(tax, tax.amount) for tax in taxes]
    if quantity == original["quantity"]:
        amounts = original["taxes"]
        planned = [_tax(tax, amounts.get(str(tax.id), 0)) for tax in taxes]
        return original["subtotal"], original["discount_total"], planned
    subtotal = quantity * line.unit_price
    share = Decimal(quantity) / original["quantity"] if original["quantity"] else Decimal(0)
    discount = min(round_half_up(original["discount_total"] * share), subtotal)
    rates = [Rate(STANDARD, tax.title, tax.rate, applies_to_shipping=False) for tax in taxes]
    parts = tax_on(subtotal - discount, rates, included=bool(taxes) and taxes[0].included)
    return subtotal, discount, [_tax(tax, part.amount) for tax, part in zip(taxes, parts, strict=True)]


def _tax(tax: Any, amount: int) -> PlannedTax:
    return PlannedTax(tax.id, tax.title, tax.rate, amount, tax.included, tax.source)


def _added(
    session: Session, order: Any, wanted: Sequence[Mapping[str, Any]], taxes: Sequence[Any]
) -> tuple[list[PlannedLine], bool]:
    if not wanted:
        return [], False
    units: Counter[int] = Counter()
    for one in wanted:
        units[one["variant_id"]] += one["quantity"]
    goods = goods_for(session, units, order_market(session, order))
    added = [_checked(goods[one["variant_id"]], one) for one in wanted]
    due = taxation_of_added(session, order, added, told=any(tax.source for tax in taxes))
    rates = due.of_lines([one.goods.tax_class if one.goods.taxable else None for one in added])
    lines = [_new_line(order, one, each, due.source) for one, each in zip(added, rates, strict=True)]
    return lines, due.unknown


def _checked(goods: Goods, wanted: Mapping[str, Any]) -> Added:
    if not 0 < wanted["quantity"] <= MOST:
        raise BadEditLine(goods.title, 1)
    told = goods.priced(wanted.get("unit_price"))
    return Added(told, wanted["quantity"], told.price)


def _new_line(order: Any, added: Added, rates: Sequence[Rate], source: str) -> PlannedLine:
    item, price = added.goods, added.price
    parts = tax_on(added.subtotal, rates, included=order.prices_include_tax)
    row = {
        "product_id": item.product_id, "variant_id": item.variant_id, "title": item.title,
        "variant_title": item.variant_title, "sku": item.sku, "vendor": item.vendor, "image_key": item.image_key,
        "requires_shipping": item.requires_shipping, "taxable": item.taxable, "weight_grams": item.weight_grams,
        "price_trace": [dict(step) for step in item.price_steps],
    }  # fmt: skip
    taxes = [PlannedTax(None, part.title, part.rate, part.amount, part.included, source) for part in parts]
    return PlannedLine(
        id=None, variant_id=item.variant_id, level_id=None, title=item.title, variant_title=item.variant_title,
        sku=item.sku, before=0, after=added.quantity, least=0, unit_price=price, subtotal=added.subtotal,
        discount_total=0, taxes=taxes, original={}, row=row, components=item.components,
    )  # fmt: skip


def _totals(order: Any, lines: Sequence[PlannedLine], shipping_taxes: Sequence[Any]) -> dict[str, int]:
    taxes = [*(tax for line in lines for tax in line.taxes), *shipping_taxes]
    subtotal = sum(line.subtotal for line in lines)
    discount = sum(line.discount_total for line in lines)
    added = sum(tax.amount for tax in taxes if not tax.included)
    return {
        "subtotal": subtotal,
        "discount_total": discount,
        "included_tax_total": sum(tax.amount for tax in taxes if tax.included),
        "additional_tax_total": added,
        "total": subtotal - discount + order.shipping_total + added,
    }
