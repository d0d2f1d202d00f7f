"""Disputes about an order's payment, as its provider tells them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from souk.kernel.db import refuse_inside_transaction, transaction
from souk.kernel.tenancy import Scope
from souk.orders.events import note_event
from souk.orders.locks import lock_order
from souk.orders.models import Order
from souk.payments.attempts import attempts_of_order, payment_of
from souk.payments.models import PaymentSession, PaymentTransaction
from souk.payments.provider import installed
from souk.payments.values import Dispute

# The buyer's bank waits for evidence.
WAITING = frozenset({"needs_response", "warning_needs_response", "appeal_needs_response"})

# An edit may have been paid through a checkout of its own: the record of money knows every payment of an order.
_PAID = select(PaymentTransaction.session_id)


def refresh_disputes(scope: Scope, order_id: int) -> None:
    """Ask the providers for the disputes of an order and keep what they say; a change stands on the timeline."""
    with transaction(scope) as session:
        order = lock_order(session, order_id)
        payments = [(one, payment_of(session, one)) for one in attempts_of_order(session, order)]
    for paid, payment in payments:
        refuse_inside_transaction(paid.provider)
        told = [_stored(one) for one in installed(paid.provider).disputes(payment)]
        with transaction(scope) as session:
            lock_order(session, order_id)
            _keep(session, order_id, paid, told)


def _keep(session: Session, order_id: int, paid: Any, told: Sequence[dict[str, Any]]) -> None:
    mine = PaymentSession.id == paid.id
    known = session.execute(select(PaymentSession.disputes).where(mine)).scalar_one()
    session.execute(update(PaymentSession).where(mine).values(disputes=told))
    for one in told:
        if one not in known:
            params = {key: one[key] for key in ("amount", "status", "reason", "evidence_due_by") if one[key]}
            note_event(session, order_id, "payment_disputed", f"provider:{paid.provider}", **params)


def disputes_of(session: Session, order_id: int) -> list[dict[str, Any]]:
    """Return the disputes of an order's payments: {reference, status, reason, amount, currency, evidence_due_by}."""
    paid = _PAID.where(PaymentTransaction.order_id == order_id)
    rows = session.execute(
        select(PaymentSession.disputes).where(PaymentSession.id.in_(paid)).order_by(PaymentSession.id)
    )
    return [_read(one) for (disputes,) in rows for one in disputes]


def waiting_disputes(session: Session) -> Sequence[tuple[int, str, dict[str, Any]]]:
    """Return (order id, order name, dispute) of every dispute that wants evidence, the most urgent first."""
    rows = session.execute(
        select(Order.id, Order.name, PaymentSession.disputes)
        .join(Order, exists().where(PaymentTransaction.session_id == PaymentSession.id,
                                    PaymentTransaction.order_id == Order.id))
        .where(PaymentSession.disputes != [])
        .order_by(PaymentSession.id.desc())
        .limit(200)
    )  # fmt: skip
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
