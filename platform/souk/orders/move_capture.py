"""Let the provider carry out captures that are on record, also those whose answer was lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, aliased

from souk.kernel import clock
from souk.kernel.db import refuse_inside_transaction, transaction
from souk.kernel.tenancy import Scope
from souk.orders.events import note_event
from souk.orders.locks import lock_order
from souk.orders.paid import refresh_paid
from souk.payments.attempts import attempt as read_attempt
from souk.payments.attempts import payment_of
from souk.payments.errors import CaptureRefused, ProviderUnreachable
from souk.payments.models import PaymentTransaction
from souk.payments.provider import installed
from souk.payments.transactions import record, sums_of_payment
from souk.payments.values import CaptureResult, Payment

STALE_AFTER = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Wish:
    """A capture whose row is written, so that it may be asked for."""

    order_id: int
    attempt: Any
    payment: Payment
    amount: int
    key: str
    final: bool
    actor: str


def move_capture(scope: Scope, wish: Wish) -> str:
    """Ask the provider and record its answer; repeated, it moves nothing twice. Raises CaptureRefused."""
    refuse_inside_transaction(wish.attempt.provider)
    provider = installed(wish.attempt.provider)
    try:
        result = provider.capture(wish.payment, wish.amount, wish.key, final=wish.final)
    except ProviderUnreachable:
        return "pending"
    with transaction(scope) as session:
        _settle(session, wish, result)
    if not result.succeeded:
        raise CaptureRefused(result.error_code)
    return "succeeded"


def pending_captures(session: Session, session_id: int) -> int:
    """Return what a payment was asked for and has not answered yet, in minor units."""
    total = select(func.coalesce(func.sum(PaymentTransaction.amount), 0))
    return int(session.execute(total.where(PaymentTransaction.session_id == session_id, *_unanswered())).scalar_one())


def sweep_captures(scope: Scope) -> int:
    """Ask again for captures whose answer was lost; returns how many were tried."""
    stale = PaymentTransaction.created_at < clock.now() - STALE_AFTER
    query = select(*PaymentTransaction.__table__.c).where(stale, *_unanswered()).order_by(PaymentTransaction.id)
    with transaction(scope) as session:
        wishes = [_wish_again(session, row) for row in session.execute(query.limit(100)).all()]
    for wish in wishes:
        try:
            move_capture(scope, wish)
        except CaptureRefused:
            # It is on record and on the order's timeline; the others are due all the same.
            continue
    return len(wishes)


def _unanswered() -> tuple[Any, ...]:
    fact, answer = PaymentTransaction, aliased(PaymentTransaction)
    answered = exists().where(
        answer.idempotency_key == fact.idempotency_key, answer.kind == "capture", answer.status != "pending"
    )
    return fact.kind == "capture", fact.status == "pending", ~answered


def _wish_again(session: Session, row: Any) -> Wish:
    attempt = read_attempt(session, row.session_id)
    payment, told = payment_of(session, attempt), row.details
    return Wish(row.order_id, attempt, payment, row.amount, row.idempotency_key, told["final"], told["actor"])


def _settle(session: Session, wish: Wish, result: CaptureResult) -> None:
    lock_order(session, wish.order_id)
    values = {"order_id": wish.order_id, "idempotency_key": wish.key, "provider_reference": result.provider_reference}
    status = "success" if result.succeeded else "failure"
    if not record(session, wish.attempt, "capture", status, **values, amount=wish.amount, error_code=result.error_code):
        return
    if not result.succeeded:
        told = {"amount": wish.amount, "error_code": result.error_code}
        note_event(session, wish.order_id, "payment_capture_failed", wish.actor, **told)
        return
    note_event(session, wish.order_id, "payment_captured", wish.actor, amount=wish.amount)
    _let_go(session, wish, result.remaining)
    refresh_paid(session, wish.order_id)


def _let_go(session: Session, wish: Wish, remaining: int) -> None:
    """Record the rest of an authorization that ended with a capture."""
    rest = sums_of_payment(session, wish.attempt.id).capturable - remaining
    if rest <= 0:
        return
    key = f"{wish.key}-rest"
    record(session, wish.attempt, "void", "success", order_id=wish.order_id, amount=rest, idempotency_key=key)
    note_event(session, wish.order_id, "payment_voided", wish.actor, amount=rest)
