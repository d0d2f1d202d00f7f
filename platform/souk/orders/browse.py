"""List orders for the dashboard, an account or the API."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from souk.orders.models import Order, OrderLine


@dataclass(frozen=True, slots=True)
class OrderSummary:
    """`total` in minor units; `item_count` counts units."""

    id: int
    number: int
    name: str
    status: str
    financial_status: str
    fulfillment_status: str
    email: str
    customer_name: str
    currency: str
    total: int
    item_count: int
    placed_at: datetime


@dataclass(frozen=True, slots=True)
class OrderPage:
    orders: Sequence[OrderSummary]
    total: int
    page: int
    limit: int


def list_orders(
    session: Session,
    *,
    customer_id: int | None = None,
    status: str | None = None,
    query: str = "",
    page: int = 1,
    limit: int = 20,
) -> OrderPage:
    """Return a page of orders, newest first.

    `status` is any value of the three statuses; `query` finds number, e-mail and name.
    """
    matching = select(Order.id)
    if customer_id is not None:
        matching = matching.where(Order.customer_id == customer_id)
    if status:
        columns = (Order.status, Order.financial_status, Order.fulfillment_status)
        matching = matching.where(or_(*(column == status for column in columns)))
    if query:
        name = Order.shipping_address["name"].astext
        texts = (Order.name, Order.email, name)
        matching = matching.where(or_(*(text.icontains(query.strip(), autoescape=True) for text in texts)))
    total = session.execute(select(func.count()).select_from(matching.subquery())).scalar_one()
    units = (
        select(func.coalesce(func.sum(OrderLine.quantity), 0)).where(OrderLine.order_id == Order.id).scalar_subquery()
    )
    rows = session.execute(
        select(
            Order.id,
            Order.number,
            Order.name,
            Order.status,
            Order.financial_status,
            Order.fulfillment_status,
            Order.email,
            func.coalesce(Order.shipping_address["name"].astext, ""),
            Order.currency,
            Order.total,
            units,
            Order.placed_at,
        )
        .where(Order.id.in_(matching))
        .order_by(Order.placed_at.desc(), Order.id.desc())
        .limit(limit)
        .offset((page - 1) * limit)
    )
    return OrderPage([OrderSummary(*row) for row in rows], total, page, limit)
