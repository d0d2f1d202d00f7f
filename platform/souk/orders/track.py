"""Follow a parcel after it has left: where it can be tracked, and what its carrier says.

The carrier's word stands apart from our status: a parcel that comes back was shipped all the same.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from souk.kernel import clock
from souk.kernel.errors import Invalid
from souk.kernel.events import Event
from souk.kernel.outbox import publish
from souk.orders.errors import UnknownFulfillment
from souk.orders.events import note_event
from souk.orders.locks import lock_order
from souk.orders.models import Fulfillment

CARRIER_STATUSES = (
    "unknown", "pre_transit", "in_transit", "out_for_delivery", "available_for_pickup", "delivered",
    "return_to_sender", "failure",
)  # fmt: skip


class BadCarrierStatus(Invalid):
    code = "bad_carrier_status"

    def __init__(self) -> None:
        super().__init__(f"A carrier says one of: {', '.join(CARRIER_STATUSES)}.", field="tracking_status")


def set_tracking(  # noqa: PLR0917 - all of it is one row
    session: Session, order_id: int, fulfillment_id: int, company: str, number: str, url: str, actor: str = "system"
) -> None:
    """Give a parcel its tracking number, or another one; raises UnknownOrder, UnknownFulfillment."""
    parcel = _parcel(session, order_id, fulfillment_id)
    values = {"tracking_company": company, "tracking_number": number, "tracking_url": url}
    if values == {name: getattr(parcel, name) for name in values}:
        return
    session.execute(update(Fulfillment).where(Fulfillment.id == fulfillment_id).values(**values))
    note_event(session, order_id, "tracking_updated", actor, fulfillment_id=fulfillment_id, **values)
    publish(session, Event("order.updated", order_id))


def note_carrier(session: Session, order_id: int, fulfillment_id: int, status: str, actor: str = "system") -> None:
    """Keep the carrier's word (one of CARRIER_STATUSES); a parcel that arrived is delivered with us too.

    The same word again changes nothing. Raises UnknownOrder, UnknownFulfillment, BadCarrierStatus.
    """
    if status not in CARRIER_STATUSES:
        raise BadCarrierStatus
    parcel = _parcel(session, order_id, fulfillment_id)
    if parcel.tracking_status == status:
        return
    arrived = status == "delivered" and parcel.status == "shipped"
    values: dict[str, Any] = {"status": "delivered", "delivered_at": clock.now()} if arrived else {}
    said = update(Fulfillment).where(Fulfillment.id == fulfillment_id).values(tracking_status=status, **values)
    session.execute(said)
    kind = "fulfillment_delivered" if arrived else "carrier_reported"
    note_event(session, order_id, kind, actor, fulfillment_id=fulfillment_id, tracking_status=status)
    publish(session, Event("order.updated", order_id))
    if arrived:
        publish(session, Event("fulfillment.delivered", fulfillment_id, {"order_id": order_id}))


def _parcel(session: Session, order_id: int, fulfillment_id: int) -> Any:
    lock_order(session, order_id)
    columns = (
        Fulfillment.status, Fulfillment.tracking_status, Fulfillment.tracking_company, Fulfillment.tracking_number,
        Fulfillment.tracking_url,
    )  # fmt: skip
    mine = (Fulfillment.id == fulfillment_id) & (Fulfillment.order_id == order_id)
    parcel = session.execute(select(*columns).where(mine)).first()
    if parcel is None:
        raise UnknownFulfillment
    return parcel
