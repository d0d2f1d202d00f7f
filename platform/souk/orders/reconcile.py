"""Bring an order's record of money in line with what its providers say: what was done there is done here too."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert, select
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
from souk.payments.attempts import attempts_of_order, payment_of
from souk.payments.provider import installed
from souk.payments.transactions import EXPIRED, record, sums_of_payment
from souk.payments.values import ChargeResult

# In the key of a refund that the provider made without us: it knows no such key, so it is never asked for again.
FOUND = "-found-refund-"
REASON = "Refunded at the payment provider"


def reconcile(scope: Scope, order_id: int) -> bool:
    """Ask how each payment of the order stands and record what we have not heard of; True when there was any.

    Each payment is compared with its own record alone: what another one, a gift card or cash brought in says nothing
    about it. Call it outside any transaction; raises UnknownOrder, ProviderUnreachable.
    """
    with transaction(scope) as session:
        order = lock_order(session, order_id)
        payments = [(one, payment_of(session, one)) for one in attempts_of_order(session, order)]
    found = False
    for paid, payment in payments:
        refuse_inside_transaction(paid.provider)
        result = installed(paid.provider).status(payment)
        if result is not None and result.captured is not None:
            with transaction(scope) as session:
                found |= _record(session, order_id, paid, result)
    return found


def _record(session: Session, order_id: int, paid: Any, result: ChargeResult) -> bool:
    order = lock_order(session, order_id)
    found = [_captured(session, order, paid, result), _refunded(session, order_id, paid, result)]
    found.append(_ended(session, order_id, paid, result))
    if any(found):
        refresh_paid(session, order_id)
    return any(found)


def _captured(session: Session, order: Any, paid: Any, result: ChargeResult) -> bool:
    order_id = order.id
    known = sums_of_payment(session, paid.id).captured + pending_captures(session, paid.id)
    missing = (result.captured or 0) - known
    if missing <= 0:
        return False
    key = f"{paid.idempotency_key}-found-{result.captured}"
    record(session, paid, "capture", "success", order_id=order_id, amount=missing, idempotency_key=key)
    note_event(session, order_id, "payment_captured", _actor(paid), amount=missing)
    if order.status == "canceled":
        # Nobody gets anything for it: the sweep of refunds carries it back.
        back = f"{key}-return"
        grant(session, order_id, missing, [], reason="canceled", actor=_actor(paid), idempotency_key=back)
    return True


def _refunded(session: Session, order_id: int, paid: Any, result: ChargeResult) -> bool:
    known = sums_of_payment(session, paid.id).refunded + _pending_refunds(session, order_id, paid.id)
    missing = (result.refunded or 0) - known
    if missing <= 0:
        return False
    key = f"{paid.idempotency_key}{FOUND}{result.refunded}"
    row = insert(Refund).values(
        order_id=order_id, amount=missing, reason=REASON, idempotency_key=key, actor=_actor(paid), status="succeeded",
        parts=[{"session_id": paid.id, "amount": missing}],
    )  # fmt: skip
    refund_id = session.execute(row.returning(Refund.id)).scalar_one()
    told = {"order_id": order_id, "refund_id": refund_id, "amount": missing}
    record(session, paid, "refund", "success", **told, idempotency_key=key)
    note_event(session, order_id, "refund_succeeded", _actor(paid), refund_id=refund_id, amount=missing)
    publish(session, Event("refund.succeeded", refund_id, told | {"currency": paid.currency}))
    return True


def _pending_refunds(session: Session, order_id: int, session_id: int) -> int:
    """Return what granted refunds are about to take from this payment."""
    waiting = select(Refund.parts).where(Refund.order_id == order_id, Refund.status == "pending")
    parts = [part for planned in session.scalars(waiting) for part in planned]
    return sum(int(part["amount"]) for part in parts if part["session_id"] == session_id)


def _ended(session: Session, order_id: int, paid: Any, result: ChargeResult) -> bool:
    """Record that an authorization is gone which nobody here has voided: its time was over, or it was let go there."""
    rest = sums_of_payment(session, paid.id).capturable
    if rest <= 0 or result.status not in {"canceled", "captured", "failed"} or pending_captures(session, paid.id):
        return False
    code = EXPIRED if result.status != "captured" else ""
    key = f"{paid.idempotency_key}-void"
    record(session, paid, "void", "success", order_id=order_id, amount=rest, idempotency_key=key, error_code=code)
    note_event(session, order_id, "payment_expired" if code else "payment_voided", _actor(paid), amount=rest)
    return True


def _actor(paid: Any) -> str:
    return f"provider:{paid.provider}"
