"""Hand an order over at the location where its buyer collects it: first it lies ready, then it is picked up."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from souk.inventory.cause import Cause
from souk.inventory.move import ship
from souk.kernel import clock
from souk.kernel.events import Event
from souk.kernel.outbox import publish
from souk.orders.errors import CannotFulfill
from souk.orders.events import note_event
from souk.orders.fulfill import PICKUP, add_fulfilled, left_of, refuse_unfit, waiting_pickup
from souk.orders.locks import lines_for_change, lock_order, on_levels
from souk.orders.models import Fulfillment, FulfillmentLine, Order
from souk.orders.statuses import refresh_statuses


def ready_for_pickup(session: Session, order_id: int, actor: str = "system") -> int:
    """Note that all that is left of the order lies ready, which its buyer is told; returns the fulfillment's id.

    The goods stay promised to the order and on the shelf's count until somebody has picked them up.

    Raises:
        UnknownOrder, CannotFulfill: it is sent instead, on hold or not open, or lies ready already.

    """
    left = _left(session, order_id)
    if waiting_pickup(session, order_id) is not None:
        raise CannotFulfill("it lies ready already")
    fulfillment_id = _lay_ready(session, order_id, left)
    refresh_statuses(session, order_id)
    note_event(session, order_id, "ready_for_pickup", actor, fulfillment_id=fulfillment_id, quantity=sum(left.values()))
    publish(session, Event("fulfillment.ready_for_pickup", fulfillment_id, {"order_id": order_id}))
    return fulfillment_id


def picked_up(session: Session, order_id: int, actor: str = "system") -> int:
    """Note that the buyer has what lay ready, or all that is left where nothing did; returns the fulfillment's id.

    Raises:
        UnknownOrder, CannotFulfill: nothing was changed.

    """
    left = _left(session, order_id)
    fulfillment_id = waiting_pickup(session, order_id)
    if fulfillment_id is None:
        fulfillment_id = _lay_ready(session, order_id, left)
    parts = _still_wanted(session, fulfillment_id, left)
    _hand_over(session, fulfillment_id)
    add_fulfilled(session, parts)
    refresh_statuses(session, order_id)
    note_event(session, order_id, "picked_up", actor, fulfillment_id=fulfillment_id, quantity=sum(parts.values()))
    publish(session, Event("order.updated", order_id))
    cause = Cause(order_id, fulfillment_id, actor)
    for level_id, quantity in on_levels(lines_for_change(session, order_id), parts).items():
        ship(session, level_id, quantity, cause)
    return fulfillment_id


def _left(session: Session, order_id: int) -> dict[int, int]:
    """Lock the order and return line -> units that were not handed over."""
    refuse_unfit(lock_order(session, order_id))
    line: Any = session.execute(select(Order.shipping_line).where(Order.id == order_id)).scalar_one()
    if "pickup" not in line:
        raise CannotFulfill("its buyer wants it sent")
    left = {line_id: units for line_id, units in left_of(lines_for_change(session, order_id)).items() if units}
    if not left:
        raise CannotFulfill("nothing is left to hand over")
    return left


def _lay_ready(session: Session, order_id: int, left: dict[int, int]) -> int:
    row = insert(Fulfillment).values(
        order_id=order_id, status="pending", provider=PICKUP, tracking_status="available_for_pickup"
    )
    fulfillment_id: int = session.execute(row.returning(Fulfillment.id)).scalar_one()
    lines = [{"fulfillment_id": fulfillment_id, "order_line_id": key, "quantity": n} for key, n in left.items()]
    session.execute(insert(FulfillmentLine), lines)
    return fulfillment_id


def _still_wanted(session: Session, fulfillment_id: int, left: dict[int, int]) -> dict[int, int]:
    """Return what lay ready without what an edit has taken out of the order meanwhile."""
    own = FulfillmentLine.fulfillment_id == fulfillment_id
    rows = session.execute(select(FulfillmentLine.order_line_id, FulfillmentLine.quantity).where(own))
    lay = {line_id: int(quantity) for line_id, quantity in rows}
    parts = {line_id: units for line_id, laid in lay.items() if (units := min(laid, left.get(line_id, 0)))}
    if not parts:
        raise CannotFulfill("nothing of what lay ready is left in it")
    for line_id, laid in lay.items():
        line = (own, FulfillmentLine.order_line_id == line_id)
        if line_id not in parts:
            session.execute(delete(FulfillmentLine).where(*line))
        elif parts[line_id] < laid:
            session.execute(update(FulfillmentLine).where(*line).values(quantity=parts[line_id]))
    return parts


def _hand_over(session: Session, fulfillment_id: int) -> None:
    now = clock.now()
    waits = (Fulfillment.id == fulfillment_id, Fulfillment.status == "pending")
    done = {"status": "delivered", "tracking_status": "delivered", "shipped_at": now, "delivered_at": now}
    session.execute(update(Fulfillment).where(*waits).values(**done))
