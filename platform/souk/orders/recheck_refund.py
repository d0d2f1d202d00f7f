"""A provider says that a refund has changed: it succeeded late, or the buyer's bank returned it days afterwards."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from souk.kernel.db import refuse_inside_transaction, transaction
from souk.kernel.events import Event
from souk.kernel.outbox import publish
from souk.kernel.tenancy import Scope
from souk.orders.events import note_event
from souk.orders.locks import lock_order
from souk.orders.models import Refund
from souk.orders.refund import move, read_refund, refund_key
from souk.orders.statuses import refresh_statuses
from souk.payments.attempts import paid_attempt, payment_of
from souk.payments.provider import installed
from souk.payments.transactions import record
from souk.payments.values import RefundResult

# A bigint has no more.
MOST_DIGITS = 19


def recheck_refund(scope: Scope, key: str) -> None:
    """Ask how a refund stands now, by the key it has at the provider: one that succeeded may come back days later.

    A key of another shop, or of money that went back without an order, names nothing here.
    """
    number = key.rpartition("-refund-")[2]
    with transaction(scope) as session:
        refund = _find(session, number)
        attempt = paid_attempt(session, refund.checkout_id) if refund is not None else None
        if refund is None or attempt is None or key != refund_key(attempt.idempotency_key, refund.id):
            return
        payment = payment_of(session, attempt)
    if refund.amount == refund.card_amount:
        return
    if refund.status == "pending":
        move(scope, refund.id)
        return
    refuse_inside_transaction(attempt.provider)
    result = installed(attempt.provider).refund(payment, refund.amount - refund.card_amount, key)
    if refund.status == "succeeded" and not result.succeeded and not result.pending:
        with transaction(scope) as session:
            _come_back(session, refund, attempt, result, key)


def _find(session: Session, number: str) -> Any:
    if not (number.isascii() and number.isdigit() and len(number) < MOST_DIGITS):
        return None
    known = session.execute(select(Refund.id).where(Refund.id == int(number))).scalar_one_or_none()
    return None if known is None else read_refund(session, known)


def _come_back(session: Session, refund: Any, attempt: Any, result: RefundResult, key: str) -> None:
    """Record that a refund which had succeeded was returned by the buyer's bank: it is owed again."""
    order = lock_order(session, refund.order_id)
    # What went to gift cards stays there; only the provider's part is owed again.
    left = {"amount": refund.card_amount} if refund.card_amount else {"status": "failed"}
    changed = update(Refund).where(Refund.id == refund.id, Refund.status == "succeeded").values(**left)
    if session.execute(changed.returning(Refund.id)).first() is None:
        return
    values = {
        "amount": refund.amount - refund.card_amount,
        "order_id": refund.order_id,
        "refund_id": refund.id,
        "idempotency_key": key,
    }
    record(session, attempt, "refund", "failure", **values, error_code=result.error_code)
    note_event(session, order.id, "refund_failed", f"provider:{attempt.provider}", amount=refund.amount)
    told = {"order_id": order.id, "amount": refund.amount, "currency": order.currency}
    publish(session, Event("refund.failed", refund.id, {**told, "error_code": result.error_code}))
    refresh_statuses(session, order.id)
