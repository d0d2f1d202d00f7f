"""Cancel an order that nothing was sent of: free its stock, and give the money back or let go of it."""

from __future__ import annotations

from contextlib import suppress

from sqlalchemy import update
from sqlalchemy.orm import Session

from souk.inventory.cause import Cause
from souk.inventory.move import deallocate
from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.events import Event
from souk.kernel.outbox import publish
from souk.kernel.tenancy import Scope
from souk.orders.errors import BadReason, CannotCancel
from souk.orders.events import note_event
from souk.orders.locks import lines_for_change, lock_order, on_levels
from souk.orders.models import Fulfillment, Order, OrderLine
from souk.orders.refund import grant, move, refundable
from souk.orders.statuses import refresh_statuses
from souk.orders.void import void_order
from souk.payments.errors import AlreadyCaptured, NothingAuthorized, RefundRefused

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
    # Nothing may be held, or the money was taken meanwhile and is found by the books.
    with suppress(NothingAuthorized, AlreadyCaptured):
        void_order(scope, order_id, actor)
    if refund_id is None:
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
    waiting = (Fulfillment.order_id == order_id, Fulfillment.status == "pending")
    session.execute(update(Fulfillment).where(*waiting).values(status="canceled", canceled_at=clock.now()))
    said = {"note": note} if note else {}
    note_event(session, order_id, "canceled", actor, reason=reason, restocked=restock, **said)
    publish(session, Event("order.canceled", order_id, {"reason": reason, "restocked": restock}))
    refund_id = _grant_rest(session, order_id, reason, actor)
    refresh_statuses(session, order_id)
    cause = Cause(order_id, actor=actor, reason=f"canceled: {reason}")
    # A refund may have given up a part already.
    left = {line_id: line.quantity - line.canceled_quantity for line_id, line in lines.items()}
    for level_id, quantity in on_levels(lines, left).items():
        deallocate(session, level_id, quantity, cause, restock=restock)
    return refund_id


def _grant_rest(session: Session, order_id: int, reason: str, actor: str) -> int | None:
    left = refundable(session, order_id)
    if left <= 0:
        return None
    key = f"cancel-{order_id}"
    return grant(session, order_id, left, [], reason=f"canceled: {reason}", actor=actor, idempotency_key=key)
