"""Disputes about an order's payment, as its provider tells them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from souk.kernel.db import refuse_inside_transaction, transaction
from souk.kernel.tenancy import Scope
from souk.orders.events import note_event
from souk.orders.locks import lock_order
from souk.orders.models import Order
from souk.payments.attempts import paid_attempt, payment_of
from souk.payments.models import PaymentSession
from souk.payments.provider import installed
from souk.payments.values import Dispute

# The buyer's bank waits for evidence.
WAITING = frozenset({"needs_response", "warning_needs_response", "appeal_needs_response"})


def refresh_disputes(scope: Scope, order_id: int) -> None:
    """Ask the provider for the disputes of an order and keep what it says; a change stands on the timeline."""
    with transaction(scope) as session:
        attempt = paid_attempt(session, lock_order(session, order_id).checkout_id)
        payment = payment_of(session, attempt) if attempt is not None else None
    if attempt is None or payment is None:
        return
    refuse_inside_transaction(attempt.provider)
    told = [_stored(one) for one in installed(attempt.provider).disputes(payment)]
    with transaction(scope) as session:
        lock_order(session, order_id)
        mine = PaymentSession.id == attempt.id
        known = session.execute(select(PaymentSession.disputes).where(mine)).scalar_one()
        session.execute(update(PaymentSession).where(mine).values(disputes=told))
        for one in told:
            if one not in known:
                params = {key: one[key] for key in ("amount", "status", "reason", "evidence_due_by") if one[key]}
                note_event(session, order_id, "payment_disputed", f"provider:{attempt.provider}", **params)


def disputes_of(session: Session, checkout_id: int | None) -> list[dict[str, Any]]:
    """Return the disputes of a checkout's payments: {reference, status, reason, amount, currency, evidence_due_by}."""
    rows = session.execute(select(PaymentSession.disputes).where(PaymentSession.checkout_id == checkout_id))
    return [_read(one) for (disputes,) in rows for one in disputes]


def waiting_disputes(session: Session) -> Sequence[tuple[int, str, dict[str, Any]]]:
    """Return (order id, order name, dispute) of every dispute that wants evidence, the most urgent first."""
    rows = session.execute(
        select(Order.id, Order.name, PaymentSession.disputes)
        .join(Order, Order.checkout_id == PaymentSession.checkout_id)
        .where(PaymentSession.disputes != [])
        .order_by(PaymentSession.id.desc())
        .limit(200)
    )
    found = [(order_id, name, _read(one)) for order_id, name, told in rows for one in told if one["status"] in WAITING]
    return sorted(found, key=lambda entry: entry[2]["evidence_due_by"] or datetime.max)  # noqa: DTZ901 - only sorts


def _stored(dispute: Dispute) -> dict[str, Any]:
    due = dispute.evidence_due_by
    return {
        "reference": dispute.reference,
        "status": dispute.status,
        "reason": dispute.reason,
        "amount": dispute.amount,
        "currency": dispute.currency,
        "evidence_due_by": due.isoformat() if due else None,
    }


def _read(stored: dict[str, Any]) -> dict[str, Any]:
    due = stored["evidence_due_by"]
    return stored | {"evidence_due_by": datetime.fromisoformat(due) if due else None}
