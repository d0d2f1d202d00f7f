"""Cancel an order that nothing was sent of: free its stock, and give the money back or let go of it."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from souk.inventory.cause import Cause
from souk.inventory.move import deallocate
from souk.kernel import clock
from souk.kernel.db import refuse_inside_transaction, transaction
from souk.kernel.events import Event
from souk.kernel.outbox import publish
from souk.kernel.tenancy import Scope
from souk.orders.errors import BadReason, CannotCancel
from souk.orders.events import note_event
from souk.orders.locks import lines_for_change, lock_order
from souk.orders.models import Order, OrderLine
from souk.orders.refund import grant, move, refundable
from souk.orders.statuses import refresh_statuses
from souk.payments.attempts import paid_attempt
from souk.payments.errors import ProviderUnreachable, RefundRefused
from souk.payments.provider import installed
from souk.payments.transactions import record

REASONS = ("customer", "fraud", "inventory", "declined", "staff", "other")


def cancel_order(scope: Scope, order_id: int, reason: str, restock: bool, actor: str, *, note: str = "") -> None:  # noqa: FBT001
    """Cancel the order; call it outside any transaction. A canceled order stays as it is.

    `note` is what whoever cancels says about it; it stands in the timeline.

    Captured money is refunded, an authorization or a promise is voided. Where the provider does not answer
    or refuses, the order is canceled all the same and its refund stays on record.

    Raises:
        UnknownOrder, CannotCancel, BadReason: nothing was changed.

    """
    if reason not in REASONS:
        raise BadReason(REASONS)
    with transaction(scope) as session:
        refund_id = _cancel(session, order_id, reason, actor, restock=restock, note=note)
    if refund_id is None:
        void(scope, order_id)
        return
    try:
        move(scope, refund_id)
    except RefundRefused:
        # Told by `refund.failed` and the timeline; the goods are free again whatever the bank says.
        return


def _cancel(session: Session, order_id: int, reason: str, actor: str, *, restock: bool, note: str) -> int | None:
    order = lock_order(session, order_id)
    if order.status == "canceled":
        return None
    lines = lines_for_change(session, order_id)
    if order.status != "open" or any(line.fulfilled_quantity for line in lines.values()):
        raise CannotCancel
    session.execute(
        update(Order)
        .where(Order.id == order_id)
        .values(status="canceled", cancel_reason=reason, canceled_at=clock.now())
    )
    session.execute(
        update(OrderLine).where(OrderLine.order_id == order_id).values(canceled_quantity=OrderLine.quantity)
    )
    said = {"note": note} if note else {}
    note_event(session, order_id, "canceled", actor, reason=reason, restocked=restock, **said)
    publish(session, Event("order.canceled", order_id, {"reason": reason, "restocked": restock}))
    refund_id = _grant_rest(session, order_id, reason, actor)
    refresh_statuses(session, order_id)
    cause = Cause(order_id, actor=actor, reason=f"canceled: {reason}")
    for line in lines.values():
        # A refund may have given up a part already.
        if line.level_id is not None and line.quantity > line.canceled_quantity:
            deallocate(session, line.level_id, line.quantity - line.canceled_quantity, cause, restock=restock)
    return refund_id


def _grant_rest(session: Session, order_id: int, reason: str, actor: str) -> int | None:
    left = refundable(session, order_id)
    if left <= 0:
        return None
    key = f"cancel-{order_id}"
    return grant(session, order_id, left, [], reason=f"canceled: {reason}", actor=actor, idempotency_key=key)


def void(scope: Scope, order_id: int) -> None:
    """Let go of an authorization or a promise of a canceled order; repeated, it changes nothing."""
    with transaction(scope) as session:
        order = lock_order(session, order_id)
        attempt = paid_attempt(session, order.checkout_id)
    if attempt is None or order.financial_status not in {"authorized", "pending"}:
        return
    refuse_inside_transaction(attempt.provider)
    try:
        installed(attempt.provider).cancel(attempt.idempotency_key)
    except ProviderUnreachable:
        return
    with transaction(scope) as session:
        lock_order(session, order_id)
        record(
            session, attempt, "void", "success", order_id=order_id, idempotency_key=f"{attempt.idempotency_key}-void"
        )
        refresh_statuses(session, order_id)


def sweep_voids(scope: Scope) -> int:
    """Void what canceled orders still hold because the provider was silent; returns how many were tried."""
    with transaction(scope, read_only=True) as session:
        held = select(Order.id).where(Order.status == "canceled", Order.financial_status.in_(["authorized", "pending"]))
        ids = session.execute(held.order_by(Order.id).limit(100)).scalars().all()
    for order_id in ids:
        void(scope, order_id)
    return len(ids)
