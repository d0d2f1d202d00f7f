"""Lock an order: every verb that changes one takes its row first, and stock levels after it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from souk.orders.errors import UnknownOrder
from souk.orders.models import Order, OrderLine


def lock_order(session: Session, order_id: int) -> Row[*tuple[Any, ...]]:
    """Return (id, status, currency, total, checkout_id, financial_status, version, hold_reason, customer_id, locale)
    with the row locked.
    """
    row = session.execute(
        select(
            Order.id,
            Order.status,
            Order.currency,
            Order.total,
            Order.checkout_id,
            Order.financial_status,
            Order.version,
            Order.hold_reason,
            Order.customer_id,
            Order.locale,
        )
        .where(Order.id == order_id)
        .with_for_update()
    ).first()
    if row is None:
        raise UnknownOrder
    return row


def lines_for_change(session: Session, order_id: int) -> dict[int, Any]:
    """Return line id -> its title, quantities and level, in level order."""
    rows = session.execute(
        select(
            OrderLine.id,
            OrderLine.level_id,
            OrderLine.title,
            OrderLine.quantity,
            OrderLine.fulfilled_quantity,
            OrderLine.canceled_quantity,
            OrderLine.refunded_quantity,
            OrderLine.components,
        )
        .where(OrderLine.order_id == order_id)
        .order_by(OrderLine.level_id, OrderLine.id)
    )
    return {row.id: row for row in rows}


def on_levels(lines: Mapping[int, Any], units: Mapping[int, int]) -> dict[int, int]:
    """Return level -> units, in level order, of `units` (order line -> units); a bundle's line stands on several.

    `lines` is what `lines_for_change` returned. Lines whose stock is not counted are left out.
    """
    found: dict[int, int] = {}
    for line_id, quantity in units.items():
        line = lines[line_id]
        parts = [(part["level_id"], part["quantity"]) for part in line.components] or [(line.level_id, 1)]
        for level_id, each in parts:
            if level_id is not None and quantity:
                found[level_id] = found.get(level_id, 0) + quantity * each
    return dict(sorted(found.items()))
