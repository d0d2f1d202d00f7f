"""Keep an order from being sent for a while, and let it go again."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from souk.kernel.events import Event
from souk.kernel.outbox import publish
from souk.orders.automatic import request_fulfillment
from souk.orders.errors import CannotHold
from souk.orders.events import note_event
from souk.orders.locks import lock_order
from souk.orders.models import Order
from souk.orders.statuses import refresh_statuses

HOLD_REASONS = ("awaiting_payment", "high_risk", "incorrect_address", "out_of_stock", "other")


def hold_order(session: Session, order_id: int, reason: str, actor: str) -> None:
    """Let nothing more of the order be sent until it is released; raises UnknownOrder, CannotHold."""
    order = lock_order(session, order_id)
    if order.status != "open" or reason not in HOLD_REASONS:
        raise CannotHold(HOLD_REASONS)
    session.execute(update(Order).where(Order.id == order_id).values(hold_reason=reason))
    refresh_statuses(session, order_id)
    note_event(session, order_id, "held", actor, reason=reason)
    publish(session, Event("order.updated", order_id))


def release_hold(session: Session, order_id: int, actor: str) -> None:
    """Let the order be sent again, by itself where the shop does that; nothing happens when it is not held."""
    order = lock_order(session, order_id)
    if not order.hold_reason:
        return
    session.execute(update(Order).where(Order.id == order_id).values(hold_reason=""))
    refresh_statuses(session, order_id)
    note_event(session, order_id, "released", actor)
    publish(session, Event("order.updated", order_id))
    if order.financial_status == "paid":
        request_fulfillment(session, order_id)
