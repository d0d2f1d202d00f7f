"""Automatic fulfillment: a paid order asks the shop's provider for its parcel."""

from __future__ import annotations

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from souk.kernel.db import refuse_inside_transaction, transaction
from souk.kernel.events import Event
from souk.kernel.outbox import Job, once, publish
from souk.kernel.settings import read_setting
from souk.orders.events import note_event
from souk.orders.fulfill import fulfill_order
from souk.orders.fulfillment_provider import FulfillmentProvider, ParcelItem, ParcelRequest, provider_for
from souk.orders.models import Fulfillment, Order, OrderLine


def request_fulfillment(session: Session, order_id: int) -> None:
    """Publish `fulfillment.requested` in a shop that fulfills automatically (setting `shop.auto_fulfill`).

    What its buyer collects is not sent, nor what comes as files or by mail.
    """
    if fulfills_automatically(session) and _is_sent(session, order_id):
        note_event(session, order_id, "fulfillment_requested")
        publish(session, fulfillment_requested(order_id))


def _is_sent(session: Session, order_id: int) -> bool:
    packed = exists().where(OrderLine.order_id == order_id, OrderLine.requires_shipping)
    sent = select(~Order.shipping_line.has_key("pickup") & packed).where(Order.id == order_id)
    return bool(session.execute(sent).scalar_one_or_none())


def fulfills_automatically(session: Session) -> bool:
    return bool(read_setting(session, "shop").get("auto_fulfill"))


def fulfillment_requested(order_id: int) -> Event:
    return Event("fulfillment.requested", order_id)


def fulfill_automatically(job: Job) -> None:
    """Consume `fulfillment.requested`: ask the provider outside any transaction, then record the parcel once.

    A failure stands on the order's timeline and is raised, so that the delivery is repeated with back-off.
    """
    order_id = job.event.subject_id
    with transaction(job.scope) as session:
        provider = provider_for(session)
        request = _request(session, order_id)
    if provider is None or request is None:
        with once(job):
            return
    refuse_inside_transaction(provider.name)
    try:
        shipment = provider.send(request)
    except Exception as error:
        with transaction(job.scope) as session:
            note_event(session, order_id, "fulfillment_failed", _actor(provider), error=type(error).__name__)
        raise
    with once(job) as session:
        fulfill_order(
            session,
            order_id,
            [(item.order_line_id, item.quantity) for item in request.items],
            tracking_company=shipment.tracking_company,
            tracking_number=shipment.tracking_number,
            tracking_url=shipment.tracking_url,
            provider=provider.name,
            request_key=request.request_key,
            actor=_actor(provider),
        )


def _actor(provider: FulfillmentProvider) -> str:
    return f"provider:{provider.name}"


def _request(session: Session, order_id: int) -> ParcelRequest | None:
    order = session.execute(
        select(Order.name, Order.status, Order.hold_reason, Order.shipping_address).where(Order.id == order_id)
    ).first()
    left = OrderLine.quantity - OrderLine.fulfilled_quantity - OrderLine.canceled_quantity
    lines = session.execute(
        select(OrderLine.id, OrderLine.sku, OrderLine.title, left)
        .where(OrderLine.order_id == order_id, left > 0, OrderLine.requires_shipping)
        .order_by(OrderLine.id)
    ).all()
    if order is None or order.status != "open" or order.hold_reason or not lines:
        return None
    items = [ParcelItem(*line) for line in lines]
    parcels = select(func.count()).select_from(Fulfillment).where(Fulfillment.order_id == order_id)
    earlier = session.execute(parcels).scalar_one()
    # An edit or an exchange may add goods after the first parcel: they are another one.
    key = f"order-{order_id}-automatic" + (f"-{earlier}" if earlier else "")
    return ParcelRequest(key, order.name, order.shipping_address, items)
