"""What the providers say they moved, against what we have on record."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from souk.kernel import clock
from souk.kernel.db import refuse_inside_transaction, transaction
from souk.kernel.tenancy import Scope
from souk.orders.books.drift import Drift
from souk.orders.models import Order
from souk.payments.attempts import attempt_by_key, payment_of
from souk.payments.errors import ProviderUnreachable, UnknownPaymentMethod
from souk.payments.models import PaymentSession, PaymentTransaction
from souk.payments.provider import installed
from souk.payments.transactions import sums_of_payment

ASKED_FOR = timedelta(days=45)
MOST = 1_000


def check_provider(scope: Scope) -> Iterator[Drift]:
    """Ask for each payment of the last 45 days, up to 1,000 of them; no transaction is open meanwhile."""
    with transaction(scope, read_only=True) as session:
        payments = _payments(session)
    for paid, payment, order_id, captured, refunded in payments:
        refuse_inside_transaction(paid.provider)
        try:
            told = installed(paid.provider).status(payment)
        except (ProviderUnreachable, UnknownPaymentMethod):
            text = f"{paid.provider} did not answer about payment {paid.id}."
            yield Drift("provider", f"payment {paid.id}", order_id or 0, text, "Check again later.")
            continue
        if told is None or told.captured is None:
            continue
        if (told.captured, told.refunded or 0) != (captured, refunded):
            text = (
                f"Payment {paid.id}: {paid.provider} took {told.captured} and gave {told.refunded or 0} back; on record"
                f" are {captured} and {refunded} {paid.currency}."
            )
            yield _drift(paid.id, order_id, text, told, captured, refunded)


def _drift(session_id: int, order_id: int | None, text: str, told: Any, captured: int, refunded: int) -> Drift:  # noqa: PLR0917
    subject = f"payment {session_id}"
    if order_id is None:
        return Drift("provider", subject, session_id, text, "Give it back: it pays no order.", "return_payment")
    if told.captured > captured or (told.refunded or 0) > refunded:
        return Drift("provider", subject, order_id, text, "Record what the provider did.", "reconcile")
    if told.captured == captured:
        return Drift(
            "provider", subject, session_id, text, "Let the provider pay out what was promised.", "repeat_refunds"
        )
    return Drift("provider", subject, order_id, text, "Ask the provider: it has not taken what is on record here.")


def _payments(session: Session) -> list[tuple[Any, Any, int | None, int, int]]:
    fact = PaymentTransaction
    recent = (
        select(PaymentSession.id, PaymentSession.idempotency_key)
        .where(
            PaymentSession.status.in_(["captured", "authorized"]),
            PaymentSession.amount > 0,
            PaymentSession.updated_at > clock.now() - ASKED_FOR,
        )
        .order_by(PaymentSession.id.desc())
        .limit(MOST)
    )
    found = []
    for session_id, key in session.execute(recent).all():
        paid, sums = attempt_by_key(session, key), sums_of_payment(session, session_id)
        order_of = select(func.max(fact.order_id)).where(fact.session_id == session_id)
        order_id = session.execute(order_of).scalar_one()
        if order_id is None and paid.checkout_id is not None:
            # Where the record of its money is lost as a whole, the checkout still tells which order it pays.
            order_id = session.scalar(select(Order.id).where(Order.checkout_id == paid.checkout_id))
        found.append((paid, payment_of(session, paid), order_id, sums.captured, sums.refunded))
    return found
