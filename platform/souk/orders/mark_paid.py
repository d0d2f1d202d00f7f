"""A merchant has received money by another way: cash, a bank transfer."""

from __future__ import annotations

from sqlalchemy.orm import Session

from souk.kernel.events import Event
from souk.kernel.outbox import publish
from souk.orders.automatic import request_fulfillment
from souk.orders.downloads.grant import grant_downloads
from souk.orders.errors import NothingToPay
from souk.orders.events import note_event
from souk.orders.locks import lock_order
from souk.orders.statuses import refresh_statuses
from souk.payments.attempts import paid_attempt
from souk.payments.transactions import record


def mark_paid(session: Session, order_id: int, actor: str) -> None:
    """Record the whole total as received; raises NothingToPay unless the order waits for a deferred payment."""
    order = lock_order(session, order_id)
    attempt = paid_attempt(session, order.checkout_id)
    if order.status != "open" or order.financial_status != "pending" or attempt is None:
        raise NothingToPay
    record(session, attempt, "sale", "success", order_id=order_id)
    refresh_statuses(session, order_id)
    note_event(session, order_id, "payment_captured", actor, amount=attempt.amount)
    publish(session, Event("order.paid", order_id))
    grant_downloads(session, order_id)
    request_fulfillment(session, order_id)
