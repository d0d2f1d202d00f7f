"""Bring an order's record of money in line with what its provider says: what was done there is done here too."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from souk.kernel.db import refuse_inside_transaction, transaction
from souk.kernel.events import Event
from souk.kernel.outbox import publish
from souk.kernel.tenancy import Scope
from souk.orders.events import note_event
from souk.orders.locks import lock_order
from souk.orders.models import Refund
from souk.orders.move_capture import pending_captures
from souk.orders.paid import refresh_paid
from souk.orders.refund import grant
from souk.payments.attempts import paid_attempt, payment_of
from souk.payments.provider import installed
from souk.payments.transactions import EXPIRED, record, sums_of
from souk.payments.values import ChargeResult

REASON = "Refunded at the payment provider"


def reconcile(scope: Scope, order_id: int) -> bool:
    """Ask the order's provider how its payment stands and record what we have not heard of; True when there was any.

    Call it outside any transaction; raises UnknownOrder, ProviderUnreachable.
    """
    with transaction(scope) as session:
        attempt = paid_attempt(session, lock_order(session, order_id).checkout_id)
        payment = payment_of(session, attempt) if attempt is not None else None
    if attempt is None or payment is None:
        return False
    refuse_inside_transaction(attempt.provider)
    result = installed(attempt.provider).status(payment)
    if result is None or result.captured is None:
        return False
    with transaction(scope) as session:
        order = lock_order(session, order_id)
        found = [_captured(session, order, attempt, result), _refunded(session, order_id, attempt, result)]
        found.append(_ended(session, order_id, attempt, result))
        if any(found):
            refresh_paid(session, order_id)
    return any(found)


def _captured(session: Session, order: Any, attempt: Any, result: ChargeResult) -> bool:
    order_id = order.id
    known = sums_of(session, order_id).captured + pending_captures(session, order_id)
    missing = (result.captured or 0) - known
    if missing <= 0:
        return False
    key = f"{attempt.idempotency_key}-found-{result.captured}"
    record(session, attempt, "capture", "success", order_id=order_id, amount=missing, idempotency_key=key)
    note_event(session, order_id, "payment_captured", _actor(attempt), amount=missing)
    if order.status == "canceled":
        # Nobody gets anything for it: the sweep of refunds carries it back.
        told = {"reason": "canceled", "actor": _actor(attempt), "idempotency_key": f"{key}-return"}
        grant(session, order_id, missing, [], **told)
    return True


def _refunded(session: Session, order_id: int, attempt: Any, result: ChargeResult) -> bool:
    pending = select(func.coalesce(func.sum(Refund.amount - Refund.card_amount), 0)).where(
        Refund.order_id == order_id, Refund.status == "pending"
    )
    known = sums_of(session, order_id).refunded + int(session.execute(pending).scalar_one())
    missing = (result.refunded or 0) - known
    if missing <= 0:
        return False
    key = f"{attempt.idempotency_key}-found-refund-{result.refunded}"
    row = insert(Refund).values(
        order_id=order_id, amount=missing, reason=REASON, idempotency_key=key, actor=_actor(attempt), status="succeeded"
    )
    refund_id = session.execute(row.returning(Refund.id)).scalar_one()
    told = {"order_id": order_id, "refund_id": refund_id, "amount": missing}
    record(session, attempt, "refund", "success", **told, idempotency_key=key)
    note_event(session, order_id, "refund_succeeded", _actor(attempt), refund_id=refund_id, amount=missing)
    publish(session, Event("refund.succeeded", refund_id, told | {"currency": attempt.currency}))
    return True


def _ended(session: Session, order_id: int, attempt: Any, result: ChargeResult) -> bool:
    """Record that an authorization is gone which nobody here has voided: its time was over, or it was let go there."""
    rest = sums_of(session, order_id).capturable
    if rest <= 0 or result.status not in {"canceled", "captured", "failed"} or pending_captures(session, order_id):
        return False
    code = EXPIRED if result.status != "captured" else ""
    key = f"{attempt.idempotency_key}-void"
    record(session, attempt, "void", "success", order_id=order_id, amount=rest, idempotency_key=key, error_code=code)
    note_event(session, order_id, "payment_expired" if code else "payment_voided", _actor(attempt), amount=rest)
    return True


def _actor(attempt: Any) -> str:
    return f"provider:{attempt.provider}"
