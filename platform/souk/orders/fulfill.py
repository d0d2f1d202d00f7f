"""Send an order, or a part of it, in one parcel."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from souk.inventory.cause import Cause
from souk.inventory.move import ship
from souk.inventory.serve_from import serve_from
from souk.kernel import clock
from souk.kernel.events import Event
from souk.kernel.outbox import publish
from souk.orders.errors import CannotFulfill
from souk.orders.events import note_event
from souk.orders.locks import lines_for_change, lock_order, on_levels
from souk.orders.models import Fulfillment, FulfillmentLine, OrderLine
from souk.orders.statuses import refresh_statuses

# The provider of what is sent as files or as the code of a gift card: there is no parcel to tell of.
DOWNLOAD = "download"
# The provider of what its buyer collects, as `souk.orders.collect` hands it over.
PICKUP = "pickup"


def fulfill_order(
    session: Session,
    order_id: int,
    lines: Sequence[tuple[int, int]] | None = None,
    *,
    tracking_company: str = "",
    tracking_number: str = "",
    tracking_url: str = "",
    provider: str = "manual",
    request_key: str | None = None,
    location_id: int | None = None,
    actor: str = "system",
) -> int:
    """Send `lines` (order line, quantity), or everything that is left, and return the fulfillment's id.

    A `request_key` that made a parcel before returns that one. With `location_id` the units leave from there, wherever
    they were promised; what comes back goes to where they were promised.

    Raises:
        UnknownOrder, CannotFulfill: nothing was changed.
        UnknownLocation, ShortAtLocation: the transaction must be rolled back; the location has fewer free units.

    """
    order = lock_order(session, order_id)
    if request_key is not None and (known := _by_key(session, request_key)) is not None:
        return known
    refuse_unfit(order)
    if provider != DOWNLOAD and waiting_pickup(session, order_id) is not None:
        raise CannotFulfill("it lies ready to be picked up; note that it was")
    available = lines_for_change(session, order_id)
    parts = _parts(available, lines)
    sent = {
        "provider": provider,
        "tracking_company": tracking_company,
        "tracking_number": tracking_number,
        "tracking_url": tracking_url,
    }
    fulfillment_id = _write_parcel(session, order_id, request_key, sent)
    _write_lines(session, fulfillment_id, parts)
    refresh_statuses(session, order_id)
    _tell(session, order_id, fulfillment_id, sent, sum(parts.values()), actor)
    _leave(session, on_levels(available, parts), location_id, Cause(order_id, fulfillment_id, actor))
    return fulfillment_id


def note_mailed(session: Session, order_id: int, line_ids: Collection[int]) -> None:
    """Count what is left of these lines of a locked order as sent by mail; their counted units leave the stock."""
    available = lines_for_change(session, order_id)
    parts = {line_id: units for line_id, units in left_of(available).items() if line_id in line_ids and units > 0}
    if not parts:
        return
    sent = {"provider": DOWNLOAD, "tracking_company": "", "tracking_number": "", "tracking_url": ""}
    # The books compare what a line counts as sent with what its parcels hold.
    fulfillment_id = _write_parcel(session, order_id, None, sent)
    _write_lines(session, fulfillment_id, parts)
    refresh_statuses(session, order_id)
    publish(session, Event("fulfillment.created", fulfillment_id, {"order_id": order_id}))
    _leave(session, on_levels(available, parts), None, Cause(order_id, fulfillment_id))


def _write_parcel(session: Session, order_id: int, request_key: str | None, sent: Mapping[str, str]) -> int:
    row = insert(Fulfillment).values(
        order_id=order_id,
        status="shipped",
        request_key=request_key,
        tracking_status="pre_transit" if sent["tracking_number"] else "unknown",
        shipped_at=clock.now(),
        **sent,
    )
    return session.execute(row.returning(Fulfillment.id)).scalar_one()


def _tell(  # noqa: PLR0917 - what a parcel is told of
    session: Session, order_id: int, fulfillment_id: int, sent: Mapping[str, str], quantity: int, actor: str
) -> None:
    note_event(
        session,
        order_id,
        "downloads_ready" if sent["provider"] == DOWNLOAD else "fulfillment_created",
        actor,
        fulfillment_id=fulfillment_id,
        quantity=quantity,
        tracking_company=sent["tracking_company"],
        tracking_number=sent["tracking_number"],
    )
    publish(session, Event("fulfillment.created", fulfillment_id, {"order_id": order_id}))


def _leave(session: Session, levels: Mapping[int, int], location_id: int | None, cause: Cause) -> None:
    if location_id is not None:
        levels = serve_from(session, location_id, levels, cause)
    for level_id, quantity in levels.items():
        ship(session, level_id, quantity, cause)


def refuse_unfit(order: Any) -> None:
    """Raise CannotFulfill unless goods of this order, as `lock_order` returns it, may leave."""
    if order.status != "open":
        raise CannotFulfill(f"it is {order.status}")
    if order.hold_reason:
        raise CannotFulfill(f"it is on hold ({order.hold_reason}); release the hold first")


def waiting_pickup(session: Session, order_id: int) -> int | None:
    """Return the fulfillment of the order that lies ready for its buyer."""
    waits = (Fulfillment.order_id == order_id, Fulfillment.provider == PICKUP, Fulfillment.status == "pending")
    return session.execute(select(Fulfillment.id).where(*waits)).scalar_one_or_none()


def left_of(lines: Mapping[int, Any]) -> dict[int, int]:
    """Return line -> units that may still leave, of what `lines_for_change` returned."""
    return {
        line_id: line.quantity - line.fulfilled_quantity - line.canceled_quantity for line_id, line in lines.items()
    }


def _by_key(session: Session, request_key: str) -> int | None:
    return session.execute(select(Fulfillment.id).where(Fulfillment.request_key == request_key)).scalar_one_or_none()


def _parts(available: dict[int, Any], lines: Sequence[tuple[int, int]] | None) -> dict[int, int]:
    left = left_of(available)
    wanted = left if lines is None else _summed(lines)
    for line_id, quantity in wanted.items():
        if line_id not in left:
            raise CannotFulfill(f"it has no line {line_id}")
        if quantity < 0 or quantity > left[line_id]:
            raise CannotFulfill(f"only {left[line_id]} of “{available[line_id].title}” can still be sent")
    parts = {line_id: wanted[line_id] for line_id in left if wanted.get(line_id)}
    if not parts:
        raise CannotFulfill("nothing is left to send")
    return parts


def _summed(lines: Sequence[tuple[int, int]]) -> dict[int, int]:
    wanted: dict[int, int] = {}
    for line_id, quantity in lines:
        wanted[line_id] = wanted.get(line_id, 0) + quantity
    return wanted


def _write_lines(session: Session, fulfillment_id: int, parts: dict[int, int]) -> None:
    rows = [
        {"fulfillment_id": fulfillment_id, "order_line_id": line_id, "quantity": quantity}
        for line_id, quantity in parts.items()
    ]
    session.execute(insert(FulfillmentLine), rows)
    add_fulfilled(session, parts)


def add_fulfilled(session: Session, parts: Mapping[int, int]) -> None:
    """Count these units (line -> units) as gone."""
    for line_id, quantity in parts.items():
        session.execute(
            update(OrderLine)
            .where(OrderLine.id == line_id)
            .values(fulfilled_quantity=OrderLine.fulfilled_quantity + quantity)
        )
