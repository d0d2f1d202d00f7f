"""Read an order for its status page: four selects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.kernel.errors import NotFound
from souk.orders.events import TimelineEntry, timeline
from souk.orders.models import Fulfillment, Order, OrderLine


class NoSuchOrder(NotFound):
    code = "order_not_found"

    def __init__(self) -> None:
        super().__init__("There is no order at this address; open the link of your confirmation mail.")


@dataclass(frozen=True, slots=True)
class OrderView:
    order: Any
    lines: Sequence[Any]
    parcels: Sequence[Any]
    events: Sequence[TimelineEntry]


_ORDER: tuple[Any, ...] = (
    Order.id,
    Order.name,
    Order.token,
    Order.status,
    Order.financial_status,
    Order.fulfillment_status,
    Order.email,
    Order.currency,
    Order.subtotal,
    Order.discount_total,
    Order.shipping_total,
    Order.included_tax_total,
    Order.additional_tax_total,
    Order.total,
    Order.shipping_address,
    Order.shipping_line,
    Order.discounts,
    Order.payment_provider,
    Order.note,
    Order.placed_at,
    Order.canceled_at,
)
_LINE: tuple[Any, ...] = (
    OrderLine.title,
    OrderLine.variant_title,
    OrderLine.image_key,
    OrderLine.quantity,
    OrderLine.subtotal,
    OrderLine.components,
)
_PARCEL: tuple[Any, ...] = (
    Fulfillment.id,
    Fulfillment.status,
    Fulfillment.tracking_company,
    Fulfillment.tracking_number,
    Fulfillment.tracking_url,
    Fulfillment.shipped_at,
    Fulfillment.delivered_at,
)


def read_order_view(session: Session, token: str) -> OrderView:
    """Return the order whose secret is `token`; raises NoSuchOrder."""
    order = session.execute(select(*_ORDER).where(Order.token == token)).first()
    if order is None:
        raise NoSuchOrder
    lines = select(*_LINE).where(OrderLine.order_id == order.id).order_by(OrderLine.id)
    parcels = (
        select(*_PARCEL)
        .where(Fulfillment.order_id == order.id, Fulfillment.status != "canceled")
        .order_by(Fulfillment.id)
    )
    return OrderView(
        order=order,
        lines=session.execute(lines).all(),
        parcels=session.execute(parcels).all(),
        events=timeline(session, order.id),
    )
