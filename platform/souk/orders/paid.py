"""Tell once that an order's money is complete."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.kernel.events import Event
from souk.kernel.outbox import publish
from souk.kernel.settings import read_setting
from souk.orders.automatic import request_fulfillment
from souk.orders.downloads.grant import grant_downloads
from souk.orders.models import Order
from souk.orders.statuses import refresh_statuses


def order_paid(session: Session, order_id: int, *, gift_cards: bool = True, later: bool = False) -> Event:
    """Return the event of an order whose money is complete.

    `gift_cards` is False where no line is one. With what the shop wants it says what there is to do: most sales need
    neither cards nor papers, and cost no delivery for them. `later`: the order stood before its money came.
    """
    documents = bool(read_setting(session, "documents").get("automatic"))
    told = {"gift_cards": gift_cards, "documents": documents}
    return Event("order.paid", order_id, told | {"later": True} if later else told)


def refresh_paid(session: Session, order_id: int) -> None:
    """Derive the statuses of a locked order anew; publish `order.paid` when this payment was the last that lacked."""
    before, status = session.execute(select(Order.financial_status, Order.status).where(Order.id == order_id)).one()
    now = refresh_statuses(session, order_id)
    if now != "paid" or before == "paid":
        return
    publish(session, order_paid(session, order_id, later=True))
    if status == "open":
        grant_downloads(session, order_id)
        request_fulfillment(session, order_id)
