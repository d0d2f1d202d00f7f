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
from souk.payments.attempts import attempts_of_order, payment_of
from souk.payments.errors import AlreadyCaptured, NothingAuthorized, ProviderUnreachable
from souk.payments.models import PaymentTransaction
from souk.payments.provider import installed
from souk.payments.transactions import record, sums_of_payment
from souk.payments.values import Payment

# An authorization lives for a week or a month at the longest; what is older holds nobody's money any more.
SWEPT_FOR = timedelta(days=31)


def void_order(scope: Scope, order_id: int, actor: str) -> str:
    """Void what is authorized and not captured; call it outside any transaction. The order stays as it is.

    Returns `succeeded`, or `pending` when a provider is silent or cannot let go yet.

    Raises:
        UnknownOrder, NothingAuthorized: nothing was changed.
        AlreadyCaptured: a provider had taken the money; that is on record now.

    """
    with transaction(scope) as session:
        order = lock_order(session, order_id)
        held = [(one, _held(session, one), payment_of(session, one)) for one in attempts_of_order(session, order)]
    holding = [(paid, amount, payment) for paid, amount, payment in held if amount > 0]
    if not holding:
        raise NothingAuthorized
    answers = [_let_go(scope, order_id, paid, payment, amount, actor) for paid, amount, payment in holding]
    if "captured" in answers:
        reconcile(scope, order_id)
        raise AlreadyCaptured
    return "pending" if "pending" in answers else "succeeded"


def _let_go(scope: Scope, order_id: int, paid: Any, payment: Payment, held: int, actor: str) -> str:  # noqa: PLR0917
    refuse_inside_transaction(paid.provider)
    try:
        result = installed(paid.provider).cancel(payment)
    except ProviderUnreachable:
        return "pending"
    if result.status != "canceled":
        # Such as a bank debit on its way: it can be called off later, or its money comes and is told then.
        return "captured" if result.status == "captured" else "pending"
    with transaction(scope) as session:
        lock_order(session, order_id)
        values = {"order_id": order_id, "amount": held, "idempotency_key": f"{paid.idempotency_key}-void"}
        if record(session, paid, "void", "success", **values):
            note_event(session, order_id, "payment_voided", actor, amount=held)
        refresh_statuses(session, order_id)
    return "succeeded"


def _held(session: Session, paid: Any) -> int:
    """Return what can be let go of: the rest of an authorization, or the whole of a promise."""
    sums = sums_of_payment(session, paid.id)
    promised = paid.status == "authorized" and not (sums.authorized or sums.captured or sums.voided)
    return int(paid.amount) if promised else sums.capturable - pending_captures(session, paid.id)


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
