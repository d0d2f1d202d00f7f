"""Follow a parcel after it has left."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from souk.kernel import clock
from souk.kernel.events import Event
from souk.kernel.outbox import publish
from souk.orders.errors import UnknownFulfillment
from souk.orders.events import note_event
from souk.orders.models import Fulfillment


def set_tracking(
    session: Session, fulfillment_id: int, *, company: str, number: str, url: str = "", actor: str = "system"
) -> None:
    """Give a parcel its tracking number, or another one."""
    order_id = _order_of(session, fulfillment_id)
    values = {"tracking_company": company, "tracking_number": number, "tracking_url": url}
    session.execute(update(Fulfillment).where(Fulfillment.id == fulfillment_id).values(**values))
    note_event(session, order_id, "tracking_updated", actor, fulfillment_id=fulfillment_id, **values)
    publish(session, Event("order.updated", order_id))


def mark_delivered(session: Session, fulfillment_id: int, actor: str = "system") -> None:
    """Note that a shipped parcel arrived; a second time changes nothing."""
    order_id = _order_of(session, fulfillment_id)
    changed = session.execute(
        update(Fulfillment)
        .where(Fulfillment.id == fulfillment_id, Fulfillment.status == "shipped")
        .values(status="delivered", tracking_status="delivered", delivered_at=clock.now())
        .returning(Fulfillment.id)
    ).first()
    if changed is not None:
        note_event(session, order_id, "fulfillment_delivered", actor, fulfillment_id=fulfillment_id)
        publish(session, Event("order.updated", order_id))


def _order_of(session: Session, fulfillment_id: int) -> int:
    order_id = session.execute(
        select(Fulfillment.order_id).where(Fulfillment.id == fulfillment_id)
    ).scalar_one_or_none()
    if order_id is None:
        raise UnknownFulfillment
    return order_id
