"""Put an order away once everything about it is done, and take it out again."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from souk.kernel import clock
from souk.kernel.events import Event
from souk.kernel.outbox import publish
from souk.orders.errors import CannotArchive
from souk.orders.events import note_event
from souk.orders.locks import lock_order
from souk.orders.models import Order


def archive_order(session: Session, order_id: int, actor: str) -> None:
    """Put an order away that was sent as a whole; raises UnknownOrder, CannotArchive."""
    order = lock_order(session, order_id)
    sent = session.execute(select(Order.fulfillment_status).where(Order.id == order_id)).scalar_one()
    if order.status != "open":
        raise CannotArchive(f"it is {order.status}")
    if sent != "fulfilled":
        # Nobody would send the rest: an archived order stands in no list of work.
        raise CannotArchive("goods of it are still to be sent")
    _turn(session, order_id, "open", "archived", actor)


def reopen_order(session: Session, order_id: int, actor: str) -> None:
    """Take an archived order out again; raises UnknownOrder, CannotArchive."""
    order = lock_order(session, order_id)
    if order.status != "archived":
        raise CannotArchive(f"it is {order.status}, not archived")
    _turn(session, order_id, "archived", "open", actor)


def _turn(session: Session, order_id: int, expected: str, status: str, actor: str) -> None:
    closed_at = clock.now() if status == "archived" else None
    mine = (Order.id == order_id) & (Order.status == expected)
    session.execute(update(Order).where(mine).values(status=status, closed_at=closed_at))
    note_event(session, order_id, "archived" if status == "archived" else "reopened", actor)
    publish(session, Event("order.updated", order_id))
