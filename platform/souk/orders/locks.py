"""Lock an order: every verb that changes one takes its row first, and stock levels after it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from souk.orders.errors import UnknownOrder
from souk.orders.models import Order, OrderLine


def lock_order(session: Session, order_id: int) -> Row[*tuple[Any, ...]]:
    """Return (id, status, currency, total, checkout_id, financial_status) with the row locked."""
    row = session.execute(
        select(Order.id, Order.status, Order.currency, Order.total, Order.checkout_id, Order.financial_status)
        .where(Order.id == order_id)
        .with_for_update()
    ).first()
    if row is None:
        raise UnknownOrder
    return row


def lines_for_change(session: Session, order_id: int) -> dict[int, Any]:
    """Return line id -> its quantities and level, in level order."""
    rows = session.execute(
        select(
            OrderLine.id,
            OrderLine.level_id,
            OrderLine.quantity,
            OrderLine.fulfilled_quantity,
            OrderLine.canceled_quantity,
            OrderLine.refunded_quantity,
        )
        .where(OrderLine.order_id == order_id)
        .order_by(OrderLine.level_id, OrderLine.id)
    )
    return {row.id: row for row in rows}
