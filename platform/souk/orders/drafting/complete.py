"""A draft becomes an order, once."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from souk.kernel import clock
from souk.orders.models import DraftOrder, Order


def complete_draft(session: Session, checkout_id: int, order_id: int) -> None:
    """Note which order became of the draft whose checkout was paid; its tags go over.

    The order's unique checkout makes sure that there is one only.
    """
    row = session.execute(
        update(DraftOrder)
        .where(DraftOrder.checkout_id == checkout_id, DraftOrder.status == "invoiced")
        .values(status="completed", order_id=order_id, updated_at=clock.now())
        .returning(DraftOrder.content)
    ).first()
    if row is not None:
        tags = list(row.content.get("tags", ()))
        session.execute(update(Order).where(Order.id == order_id).values(tags=tags, source="draft"))


def draft_of_order(session: Session, order_id: int) -> int | None:
    """Return the draft that became this order."""
    return session.execute(select(DraftOrder.id).where(DraftOrder.order_id == order_id)).scalar_one_or_none()
