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
from souk.orders.refund import RefundPart, move, read_refund, refund_parts
from souk.orders.statuses import refresh_statuses
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
        parts = refund_parts(session, refund) if refund is not None else []
    part = next((one for one in parts if one.key == key), None)
    if refund is None or part is None or part.attempt is None or part.payment is None:
        return
    if refund.status == "pending":
        move(scope, refund.id)
        return
    refuse_inside_transaction(part.attempt.provider)
    result = installed(part.attempt.provider).refund(part.payment, part.amount, key)
    if refund.status == "succeeded" and not result.succeeded and not result.pending:
        with transaction(scope) as session:
            _come_back(session, refund, part, part.attempt, result)


def _find(session: Session, number: str) -> Any:
    if not (number.isascii() and number.isdigit() and len(number) < MOST_DIGITS):
        return None
    known = session.execute(select(Refund.id).where(Refund.id == int(number))).scalar_one_or_none()
    return None if known is None else read_refund(session, known)


def _come_back(session: Session, refund: Any, part: RefundPart, paid: Any, result: RefundResult) -> None:
    """Record that what one payment had given back was returned by the buyer's bank: that share is owed again."""
    order = lock_order(session, refund.order_id)
    rest = refund.amount - part.amount
    changed = update(Refund).where(Refund.id == refund.id, Refund.status == "succeeded", Refund.amount == refund.amount)
    kept = [one for one in refund.parts if one["session_id"] != paid.id]
    left = changed.values(amount=rest, parts=kept) if rest > 0 else changed.values(status="failed")
    if session.execute(left.returning(Refund.id)).first() is None:
        return
    values = {"amount": part.amount, "order_id": order.id, "refund_id": refund.id, "idempotency_key": part.key}
    record(session, paid, "refund", "failure", **values, error_code=result.error_code)
    note_event(session, order.id, "refund_failed", f"provider:{paid.provider}", amount=part.amount)
    told = {"order_id": order.id, "amount": part.amount, "currency": order.currency}
    publish(session, Event("refund.failed", refund.id, {**told, "error_code": result.error_code}))
    refresh_statuses(session, order.id)
