"""A merchant has received money by another way: cash, a bank transfer."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from souk.kernel.outbox import publish
from souk.orders.automatic import request_fulfillment
from souk.orders.balance import balance_of
from souk.orders.downloads.grant import grant_downloads
from souk.orders.errors import NothingToPay
from souk.orders.events import note_event
from souk.orders.locks import lock_order
from souk.orders.paid import order_paid
from souk.orders.statuses import refresh_statuses
from souk.payments.attempts import paid_attempt
from souk.payments.paid_parts import record_external
from souk.payments.transactions import record, sums_of_payment

_WAITING = frozenset(["pending", "partially_paid", "partially_refunded"])


def mark_paid(session: Session, order_id: int, actor: str) -> None:
    """Record what is still owed as received; raises NothingToPay unless the order waits for money."""
    order = lock_order(session, order_id)
    owed = balance_of(session, order_id).outstanding
    if order.status != "open" or order.financial_status not in _WAITING or owed <= 0:
        raise NothingToPay
    attempt = paid_attempt(session, order.checkout_id)
    key = f"order-{order_id}-paid-{order.version}"
    if attempt is None or not _promised(session, attempt):
        record_external(session, order_id, "sale", key, amount=owed, currency=order.currency)
    else:
        record(session, attempt, "sale", "success", order_id=order_id, amount=owed, idempotency_key=key)
    refresh_statuses(session, order_id)
    note_event(session, order_id, "payment_captured", actor, amount=owed)
    publish(session, order_paid(session, order_id, later=True))
    grant_downloads(session, order_id)
    request_fulfillment(session, order_id)


def _promised(session: Session, attempt: Any) -> bool:
    """Tell whether the attempt was a promise to pay by hand: what a card's bank holds is not what came in otherwise."""
    return attempt.status == "authorized" and not sums_of_payment(session, attempt.id).authorized
