"""What units of an order, and its delivery, cost: what goes back for them unless somebody says another amount."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from souk.kernel.money import round_half_up
from souk.orders.models import Order, OrderLine, Refund, TaxLine


def value_of(session: Session, order_id: int, units: Mapping[int, int]) -> int:
    """Return what these units (line -> units) cost, with tax, in minor units.

    Counted on from what was refunded already, or waits to be, so that all units of a line together are worth the line
    to the cent.
    """
    waiting = waiting_units(session, order_id)
    added = _added_taxes(session, order_id)
    worth = 0
    for line in session.execute(select(*OrderLine.__table__.c).where(OrderLine.id.in_(units))):
        whole = line.subtotal - line.discount_total + added.get(line.id, 0)
        first = min(line.refunded_quantity + waiting[line.id], line.quantity)
        last = min(first + units[line.id], line.quantity)
        worth += _share(whole, last, line.quantity) - _share(whole, first, line.quantity)
    return worth


def waiting_units(session: Session, order_id: int) -> Counter[int]:
    """Return line -> units of refunds that were granted and whose money has not moved yet."""
    units: Counter[int] = Counter()
    wait = select(Refund.lines).where(Refund.order_id == order_id, Refund.status == "pending")
    for lines in session.scalars(wait):
        for line in lines:
            units[line["order_line_id"]] += line["quantity"]
    return units


def shipping_left(session: Session, order_id: int) -> int:
    """Return what of the shipping, with its tax, was not given back yet, in minor units."""
    whole = session.execute(select(Order.shipping_total).where(Order.id == order_id)).scalar_one()
    back = session.execute(
        select(func.coalesce(func.sum(Refund.shipping_amount), 0)).where(
            Refund.order_id == order_id, Refund.status.in_(["pending", "succeeded"])
        )
    ).scalar_one()
    return int(whole) + _added_taxes(session, order_id).get(None, 0) - int(back)


def _added_taxes(session: Session, order_id: int) -> dict[int | None, int]:
    """Return line -> the tax that is added to its price; that of the shipping under None."""
    taxes = (
        select(TaxLine.order_line_id, func.sum(TaxLine.amount))
        .where(TaxLine.order_id == order_id, TaxLine.included.is_(False))
        .group_by(TaxLine.order_line_id)
    )
    return {row[0]: int(row[1]) for row in session.execute(taxes)}


def _share(whole: int, units: int, of: int) -> int:
    return round_half_up(Decimal(whole) * units / of) if of else 0
