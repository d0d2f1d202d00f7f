"""Derive an order's financial and fulfillment status from sums, never from the last event."""

from __future__ import annotations

from sqlalchemy import and_, case, exists, func, literal, select, update
from sqlalchemy.orm import Session

from souk.orders.balance import balance_of
from souk.orders.models import Fulfillment, Order, OrderLine
from souk.payments.transactions import Sums


def financial_status(total: int, sums: Sums) -> str:
    """Return the field's word for what was paid of `total` (minor units)."""
    paid, returned = sums.captured + sums.cards, sums.refunded + sums.cards_returned
    if returned:
        return "refunded" if returned >= paid else "partially_refunded"
    if paid >= total:
        return "paid"
    if sums.captured:
        return "partially_paid"
    if sums.voided:
        return "expired" if sums.expired else "voided"
    return "authorized" if sums.authorized else "pending"


def fulfillment_status(wanted: int, fulfilled: int) -> str:
    """Return the field's word for `fulfilled` of `wanted` units; `wanted` leaves out canceled ones."""
    if fulfilled and fulfilled >= wanted:
        return "fulfilled"
    return "partially_fulfilled" if fulfilled else "unfulfilled"


def refresh_statuses(session: Session, order_id: int) -> str:
    """Store both statuses and raise the order's version; returns the financial one."""
    wanted, fulfilled, waits = session.execute(
        select(
            func.coalesce(func.sum(OrderLine.quantity - OrderLine.canceled_quantity), 0),
            func.coalesce(func.sum(OrderLine.fulfilled_quantity), 0),
            # What lies ready to be picked up.
            exists().where(Fulfillment.order_id == order_id, Fulfillment.status == "pending"),
        ).where(OrderLine.order_id == order_id)
    ).one()
    balance = balance_of(session, order_id)
    financial = financial_status(balance.total - balance.exchanged, balance.told)
    sent = fulfillment_status(int(wanted), int(fulfilled))
    if waits and sent != "fulfilled":
        sent = "in_progress"
    held = and_(Order.hold_reason != "", literal(sent != "fulfilled"))
    session.execute(
        update(Order)
        .where(Order.id == order_id)
        .values(
            financial_status=financial,
            fulfillment_status=case((held, "on_hold"), else_=sent),
            version=Order.version + 1,
        )
    )
    return financial
