"""Bring an order back to what it is made of: its lines, parcels, payments and the ledger of the stock."""

from __future__ import annotations

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from souk.inventory.cause import Cause
from souk.inventory.commit import commit_units
from souk.inventory.move import deallocate
from souk.orders.books.stock import promised
from souk.orders.events import note_event
from souk.orders.locks import lock_order
from souk.orders.models import Fulfillment, FulfillmentLine, OrderLine
from souk.orders.statuses import refresh_statuses

_TOTALS = text("""
UPDATE orders o
SET subtotal = l.subtotal, discount_total = l.discount, included_tax_total = t.included, additional_tax_total = t.added,
    total = l.subtotal - l.discount + o.shipping_total + t.added
FROM (SELECT coalesce(sum(subtotal), 0)::bigint AS subtotal, coalesce(sum(discount_total), 0)::bigint AS discount
      FROM order_lines WHERE order_id = :order_id) l,
     (SELECT coalesce(sum(amount) FILTER (WHERE included), 0)::bigint AS included,
             coalesce(sum(amount) FILTER (WHERE NOT included), 0)::bigint AS added
      FROM tax_lines WHERE order_id = :order_id) t
WHERE o.id = :order_id RETURNING o.total
""")


def refresh_status(session: Session, order_id: int, actor: str) -> None:
    """Derive an order's statuses anew. Raises UnknownOrder."""
    lock_order(session, order_id)
    note_event(session, order_id, "books_repaired", actor, status=refresh_statuses(session, order_id))


def recount_totals(session: Session, order_id: int, actor: str) -> None:
    """Add an order's totals up from its lines and taxes, which are what the buyer was shown. Raises UnknownOrder."""
    before = lock_order(session, order_id).total
    total = session.execute(_TOTALS, {"order_id": order_id}).scalar_one()
    status = refresh_statuses(session, order_id)
    note_event(session, order_id, "books_repaired", actor, status=status, before=before, total=total)


def recount_sent(session: Session, order_id: int, actor: str) -> None:
    """Count the sent units of each line from the parcels. Raises UnknownOrder."""
    lock_order(session, order_id)
    sent = (
        select(func.coalesce(func.sum(FulfillmentLine.quantity), 0))
        .join(Fulfillment, Fulfillment.id == FulfillmentLine.fulfillment_id)
        .where(FulfillmentLine.order_line_id == OrderLine.id, Fulfillment.status != "canceled")
        .scalar_subquery()
    )
    session.execute(update(OrderLine).where(OrderLine.order_id == order_id).values(fulfilled_quantity=sent))
    note_event(session, order_id, "books_repaired", actor, status=refresh_statuses(session, order_id))


def promise_stock(session: Session, order_id: int, actor: str) -> None:
    """Book what the ledger promises an order too little or too much.

    Raises:
        UnknownOrder, OutOfStock: nothing was changed; the order wants units that others have.

    """
    status = lock_order(session, order_id).financial_status
    note_event(session, order_id, "books_repaired", actor, status=status)
    cause = Cause(order_id, actor=actor, reason="books repaired")
    for row in promised(session, order_id):
        if row.wanted > row.booked:
            commit_units(session, row.level_id, row.wanted - row.booked, cause)
        else:
            deallocate(session, row.level_id, row.booked - row.wanted, cause, restock=True)
