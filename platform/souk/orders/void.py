"""Let go of authorized money, or of a promise to pay, that nobody will take."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, case, func, or_, select
from sqlalchemy.orm import Session

from souk.kernel import clock
from souk.kernel.db import refuse_inside_transaction, transaction
from souk.kernel.tenancy import Scope
from souk.orders.events import note_event
from souk.orders.locks import lock_order
from souk.orders.models import Order
from souk.orders.move_capture import pending_captures
from souk.orders.reconcile import reconcile
from souk.orders.statuses import refresh_statuses
from souk.payments.attempts import paid_attempt, payment_of
from souk.payments.errors import AlreadyCaptured, NothingAuthorized, ProviderUnreachable
from souk.payments.models import PaymentTransaction
from souk.payments.provider import installed
from souk.payments.transactions import record, sums_of

# An authorization lives for a week or a month at the longest; what is older holds nobody's money any more.
SWEPT_FOR = timedelta(days=31)


def void_order(scope: Scope, order_id: int, actor: str) -> str:
    """Void what is authorized and not captured; call it outside any transaction. The order stays as it is.

    Returns `succeeded`, or `pending` when the provider is silent or cannot let go yet.

    Raises:
        UnknownOrder, NothingAuthorized: nothing was changed.
        AlreadyCaptured: the provider had taken the money; that is on record now.

    """
    with transaction(scope) as session:
        order = lock_order(session, order_id)
        attempt = paid_attempt(session, order.checkout_id)
        held = _held(session, order, attempt) if attempt is not None else 0
        if attempt is None or held <= 0:
            raise NothingAuthorized
        payment = payment_of(session, attempt)
    refuse_inside_transaction(attempt.provider)
    try:
        result = installed(attempt.provider).cancel(payment)
    except ProviderUnreachable:
        return "pending"
    if result.status == "captured":
        reconcile(scope, order_id)
        raise AlreadyCaptured
    if result.status != "canceled":
        # Such as a bank debit on its way: it can be called off later, or its money comes and is told then.
        return "pending"
    with transaction(scope) as session:
        lock_order(session, order_id)
        values = {"order_id": order_id, "amount": held, "idempotency_key": f"{attempt.idempotency_key}-void"}
        if record(session, attempt, "void", "success", **values):
            note_event(session, order_id, "payment_voided", actor, amount=held)
        refresh_statuses(session, order_id)
    return "succeeded"


def _held(session: Session, order: Any, attempt: Any) -> int:
    """Return what can be let go of: the rest of an authorization, or the whole of a promise."""
    if order.financial_status == "pending":
        return int(attempt.amount)
    return sums_of(session, order.id).capturable - pending_captures(session, order.id)


def sweep_voids(scope: Scope) -> int:
    """Void what canceled orders still hold because the provider was silent; returns how many were tried."""
    with transaction(scope, read_only=True) as session:
        ids = session.scalars(_still_held().limit(100)).all()
    for order_id in ids:
        with suppress(NothingAuthorized, AlreadyCaptured):
            void_order(scope, order_id, "system")
    return len(ids)


def _still_held() -> Select[int]:
    fact = PaymentTransaction
    signed = case(
        (fact.kind == "authorization", fact.amount), (fact.kind.in_(["capture", "void"]), -fact.amount), else_=0
    )
    held = func.coalesce(func.sum(signed), 0)
    return (
        select(Order.id)
        .join(fact, (fact.order_id == Order.id) & (fact.status == "success"), isouter=True)
        .where(Order.status == "canceled", Order.canceled_at > clock.now() - SWEPT_FOR)
        .group_by(Order.id)
        .having(or_(held > 0, Order.financial_status == "pending"))
        .order_by(Order.id)
    )
