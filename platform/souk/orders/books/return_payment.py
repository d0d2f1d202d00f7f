"""Give back money that pays no order: at its provider first, then on record."""

from __future__ import annotations

from typing import Any

from sqlalchemy import exists, or_, select, update
from sqlalchemy.orm import Session

from souk.kernel import clock
from souk.kernel.db import refuse_inside_transaction, transaction
from souk.kernel.tenancy import Scope
from souk.orders.books.errors import NoRepair
from souk.orders.models import Order
from souk.payments.attempts import attempt, payment_of
from souk.payments.errors import RefundRefused
from souk.payments.models import PaymentSession, PaymentTransaction
from souk.payments.provider import installed
from souk.payments.transactions import record, sums_of_payment
from souk.payments.values import ChargeResult, Payment


def return_payment(scope: Scope, session_id: int, _actor: str) -> None:
    """Refund what a payment without an order brought in, and let go of what it holds; call it outside any transaction.

    Raises:
        NoRepair: there is no such payment, or it pays an order.
        RefundRefused, ProviderUnreachable: nothing was recorded; do it again.

    """
    with transaction(scope) as session:
        if session.execute(select(PaymentSession.id).where(PaymentSession.id == session_id)).first() is None:
            raise NoRepair
        paid = attempt(session, session_id)
        if _pays_an_order(session, paid):
            raise NoRepair
        payment = payment_of(session, paid)
    refuse_inside_transaction(paid.provider)
    told = _give_back(paid, payment)
    with transaction(scope) as session:
        _record(session, attempt(session, session_id), told)


def _pays_an_order(session: Session, paid: Any) -> bool:
    fact = PaymentTransaction
    named = exists().where(fact.session_id == paid.id, fact.order_id == Order.id)
    found = select(Order.id).where(or_(Order.checkout_id == paid.checkout_id, named))
    return session.execute(found.limit(1)).first() is not None


def _give_back(paid: Any, payment: Payment) -> ChargeResult | None:
    """Return how the payment stands when nothing of it is left."""
    provider = installed(paid.provider)
    told = provider.status(payment)
    kept = ((told.captured or 0) - (told.refunded or 0)) if told is not None else 0
    if kept > 0:
        moved = provider.refund(payment, kept, f"{paid.idempotency_key}-return")
        if not moved.succeeded and not moved.pending:
            raise RefundRefused(moved.error_code)
    else:
        provider.cancel(payment)
    return provider.status(payment)


def _record(session: Session, paid: Any, told: ChargeResult | None) -> None:
    known = sums_of_payment(session, paid.id)
    captured = (told.captured if told is not None else None) or known.captured
    facts = {
        "capture": captured - known.captured,
        "refund": captured - known.refunded,
        "void": max(known.authorized - captured - known.voided, 0),
    }
    for kind, amount in facts.items():
        if amount > 0:
            key = f"{paid.idempotency_key}-return"
            record(session, paid, kind, "success", amount=amount, idempotency_key=key)
    ended = update(PaymentSession).where(PaymentSession.id == paid.id)
    session.execute(ended.values(status="canceled", provider_status="returned", updated_at=clock.now()))
