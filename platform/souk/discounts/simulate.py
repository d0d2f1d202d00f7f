"""What a draft discount would have cost, had it run over the shop's last real orders."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from souk.catalog.models import CollectionProduct, Variant
from souk.customers.models import Customer
from souk.discounts.check import check_draft
from souk.discounts.drafts import DiscountDraft
from souk.discounts.evaluate import collections_meant
from souk.discounts.fit import misfit
from souk.discounts.in_play import terms_of
from souk.discounts.take_off import take_off
from souk.discounts.terms import Applied, Basket, BuyerFacts, Item, Terms
from souk.kernel import clock
from souk.kernel.money import round_half_up
from souk.orders.models import Order, OrderLine

MOST_ORDERS = 1_000
MOST_LISTED = 50


@dataclass(frozen=True, slots=True)
class Hit:
    """An order that the discount would have met; amounts in minor units. `below_cost` compares with today's costs."""

    order_id: int
    name: str
    goods: int
    saved: int
    reaches_zero: bool
    below_cost: bool


@dataclass(frozen=True, slots=True)
class Simulation:
    """`orders` were looked at; `hits` counts those it would have met. `warnings` lists the first 50 that reach zero
    or go below cost, the largest saving first.
    """

    orders: int
    hits: int
    goods: int
    saved: int
    zero: int
    below_cost: int
    warnings: Sequence[Hit]


def simulate(session: Session, draft: DiscountDraft, orders: int = 200) -> Simulation:
    """Run `draft` alone over the last `orders` orders, oldest first, as if every buyer had entered its code.

    Prices are those of the orders before any discount, in the shop's currency; collections, tags and costs are
    today's. Its limits and its budget count, its dates do not. Nothing is written.

    Raises:
        DiscountInvalid: the draft could not be saved either.

    """
    terms = _terms(draft, check_draft(draft))
    rows = _orders(session, min(orders, MOST_ORDERS))
    lines = _lines(session, [row.id for row in rows])
    held = _collections(session, terms, lines)
    hits = list(_run(terms, draft, rows, _by_order(lines), held))
    alarming = sorted((hit for hit in hits if hit.reaches_zero or hit.below_cost), key=lambda hit: -hit.saved)
    return Simulation(
        orders=len(rows),
        hits=len(hits),
        goods=sum(hit.goods for hit in hits),
        saved=sum(hit.saved for hit in hits),
        zero=sum(hit.reaches_zero for hit in hits),
        below_cost=sum(hit.below_cost for hit in hits),
        warnings=alarming[:MOST_LISTED],
    )


def _run(
    terms: Terms,
    draft: DiscountDraft,
    rows: Sequence[Row[Any]],
    lines: Mapping[int, list[Any]],
    held: Mapping[int, set[int]],
) -> Iterable[Hit]:
    uses: Counter[str] = Counter()
    spent = 0
    for row in rows:
        basket = _basket(row, lines.get(row.id, []), held)
        facts = BuyerFacts(frozenset(row.tags or ()), row.earlier, {terms.id: uses[row.email]})
        if misfit(terms, basket, facts) is not None:
            continue
        applied = take_off([terms], basket)
        saved = sum(one.amount for one in applied)
        full = draft.usage_limit is not None and sum(uses.values()) >= draft.usage_limit
        if not saved or full or (draft.budget is not None and spent + saved > draft.budget):
            continue
        uses[row.email] += 1
        spent += saved
        yield _hit(row, basket, applied, lines[row.id])


def _hit(row: Row[Any], basket: Basket, applied: Sequence[Applied], lines: Sequence[Any]) -> Hit:
    goods = sum(item.subtotal for item in basket.items)
    off = [sum(one.lines[index] for one in applied) for index in range(len(basket.items))]
    below = any(
        line.cost is not None and item.subtotal - cut < line.cost * item.quantity
        for line, item, cut in zip(lines, basket.items, off, strict=True)
    )
    saved = sum(one.amount for one in applied)
    return Hit(row.id, row.name, goods, saved, reaches_zero=goods > 0 and sum(off) >= goods, below_cost=below)


def _basket(row: Row[Any], lines: Sequence[Any], held: Mapping[int, set[int]]) -> Basket:
    items = [
        Item(
            line.product_id or 0,
            line.quantity,
            round_half_up(line.unit_price * row.to_base),
            frozenset(held.get(line.product_id, ())),
            discountable=not line.gift_card,
        )
        for line in lines
    ]
    shipping = round_half_up(int(row.shipping_line.get("amount", 0)) * row.to_base)
    return Basket(items, shipping, str(row.shipping_address.get("country", "")))


def _terms(draft: DiscountDraft, rules: Mapping[str, Any]) -> Terms:
    named = {name: getattr(draft, name) for name in ("title", "kind", "value_type", "per_customer")}
    row = SimpleNamespace(
        **named, id=0, status="active", rules=rules, combines_with=(), usage_limit=None, budget=None, used_count=0,
        spent=0, starts_at=clock.now(), ends_at=None,
    )  # fmt: skip
    return terms_of(cast("Row[Any]", row), clock.now())


def _orders(session: Session, count: int) -> Sequence[Row[Any]]:
    earlier = func.row_number().over(partition_by=Order.email, order_by=Order.id) - 1
    newest = (
        select(Order.id, Order.name, Order.email, Order.shipping_line, Order.shipping_address, Customer.tags,
               Order.to_base, earlier.label("earlier"))
        .outerjoin(Customer, Customer.id == Order.customer_id)
        .where(Order.status.in_(["open", "archived"]))
        .order_by(Order.id.desc())
        .limit(count)
    )  # fmt: skip
    return session.execute(newest).all()[::-1]


def _lines(session: Session, orders: Sequence[int]) -> Sequence[Row[Any]]:
    columns = (
        OrderLine.order_id, OrderLine.product_id, OrderLine.quantity, OrderLine.unit_price, OrderLine.gift_card,
        Variant.cost,
    )  # fmt: skip
    of_them = select(*columns).outerjoin(Variant, Variant.id == OrderLine.variant_id)
    return session.execute(of_them.where(OrderLine.order_id.in_(orders)).order_by(OrderLine.id)).all()  # type: ignore[return-value]


def _by_order(lines: Sequence[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for line in lines:
        found.setdefault(line.order_id, []).append(line)
    return found


def _collections(session: Session, terms: Terms, lines: Sequence[Any]) -> dict[int, set[int]]:
    wanted = collections_meant([terms])
    if not wanted:
        return {}
    rows = session.execute(
        select(CollectionProduct.product_id, CollectionProduct.collection_id).where(
            CollectionProduct.collection_id.in_(wanted),
            CollectionProduct.product_id.in_({line.product_id for line in lines if line.product_id}),
        )
    )
    held: dict[int, set[int]] = {}
    for product_id, collection_id in rows:
        held.setdefault(product_id, set()).add(collection_id)
    return held
