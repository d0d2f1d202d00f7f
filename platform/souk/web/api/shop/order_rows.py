"""Read orders as the API shows them: five selects for a page of any length."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from souk.addresses.fields import BUSINESS, FIELDS
from souk.kernel import ids
from souk.kernel.money import Money
from souk.orders.models import Fulfillment, FulfillmentLine, Order, OrderLine
from souk.payments.models import PaymentTransaction
from souk.web.api.schemas.common import Address
from souk.web.api.schemas.orders import (
    AppliedDiscount,
    FulfilledItem,
    FulfillmentShape,
    OrderLineShape,
    OrderShape,
    PaymentShape,
    PickupShape,
)


def order_page(
    session: Session, where: Sequence[ColumnElement[bool]], page: int, limit: int
) -> tuple[list[OrderShape], int]:
    """Return one page of the orders that fit `where`, newest first, and how many there are."""
    query = (
        select(
            Order.id,
            Order.status,
            Order.total,
            Order.currency,
            Order.shipping_address,
            Order.discounts,
            Order.shipping_line,
        )
        .where(*where)
        .order_by(Order.placed_at.desc(), Order.id.desc())
        .offset((page - 1) * limit)
        .limit(limit)
    )
    orders = session.execute(query).all()
    total = session.execute(select(func.count(Order.id)).where(*where)).scalar_one()
    numbers = [order.id for order in orders]
    currencies = {order.id: order.currency for order in orders}
    lines, parcels = _lines(session, numbers, currencies), fulfillments_of(session, numbers)
    payments = payments_of(session, numbers)
    shapes = [_order(order, lines[order.id], parcels[order.id], payments[order.id]) for order in orders]
    return shapes, total


def _order(
    order: Any, lines: list[OrderLineShape], parcels: list[FulfillmentShape], payments: list[PaymentShape]
) -> OrderShape:
    numbers = [parcel.tracking_number for parcel in parcels if parcel.status != "canceled"]
    return OrderShape(
        order_id=ids.encode(ids.ORDER, order.id),
        status=order.status,
        items=lines,
        discounts=discounts_of(order),
        total=Money(order.total, order.currency).major,
        currency=order.currency,
        shipping_address=address_of(order.shipping_address),
        pickup=pickup_of(order.shipping_line),
        tracking_number=next((number for number in reversed(numbers) if number), None),
        fulfillments=parcels,
        payments=payments,
    )


def discounts_of(order: Any) -> list[AppliedDiscount]:
    """Return what was taken off an order, in the order in which it was."""
    return [
        AppliedDiscount(
            title=one["title"],
            code=one["code"],
            discount_class=one["class"],
            amount=Money(one["amount"], order.currency).major,
        )
        for one in order.discounts
    ]


def pickup_of(shipping_line: Mapping[str, Any]) -> PickupShape | None:
    """Return where an order is collected, None where it is sent."""
    place = shipping_line.get("pickup")
    if not place:
        return None
    told = {name: place[name] for name in ("name", "instructions", "ready_hours")}
    return PickupShape(location_id=ids.encode(ids.LOCATION, place["location_id"]), **told)


def address_of(stored: Mapping[str, Any]) -> Address:
    """Return an address without its checks: an old order shows where it was sent to, whatever is asked for now."""
    values: dict[str, Any] = {name: str(stored.get(name) or "") for name in FIELDS}
    values |= {name: str(stored[name]) for name in BUSINESS if stored.get(name)}
    return Address.model_construct(**values)


def _lines(session: Session, orders: list[int], currencies: dict[int, str]) -> dict[int, list[OrderLineShape]]:
    columns: tuple[Any, ...] = (
        OrderLine.id,
        OrderLine.order_id,
        OrderLine.product_id,
        OrderLine.variant_id,
        OrderLine.title,
        OrderLine.variant_title,
        OrderLine.sku,
        OrderLine.quantity,
        OrderLine.fulfilled_quantity,
        OrderLine.unit_price,
        OrderLine.subtotal,
        OrderLine.discount_total,
    )
    found: dict[int, list[OrderLineShape]] = defaultdict(list)
    query = select(*columns).where(OrderLine.order_id.in_(orders), OrderLine.quantity > 0).order_by(OrderLine.id)
    for row in session.execute(query):
        found[row.order_id].append(_line(row, currencies[row.order_id]))
    return found


def _line(row: Any, currency: str) -> OrderLineShape:
    return OrderLineShape(
        line_item_id=ids.encode(ids.LINE, row.id),
        product_id=ids.encode(ids.PRODUCT, row.product_id) if row.product_id else None,
        variant_id=ids.encode(ids.VARIANT, row.variant_id) if row.variant_id else None,
        name=row.title,
        variant=row.variant_title,
        sku=row.sku,
        quantity=row.quantity,
        fulfilled_quantity=row.fulfilled_quantity,
        price=Money(row.unit_price, currency).major,
        total=Money(row.subtotal - row.discount_total, currency).major,
    )


def fulfillments_of(session: Session, orders: list[int]) -> dict[int, list[FulfillmentShape]]:
    """Return the parcels of each order, oldest first."""
    items: dict[int, list[FulfilledItem]] = defaultdict(list)
    contents = (
        select(FulfillmentLine.fulfillment_id, OrderLine.variant_id, FulfillmentLine.quantity)
        .join(OrderLine, OrderLine.id == FulfillmentLine.order_line_id)
        .where(OrderLine.order_id.in_(orders))
        .order_by(FulfillmentLine.id)
    )
    for parcel_id, variant_id, quantity in session.execute(contents):
        variant = ids.encode(ids.VARIANT, variant_id) if variant_id else None
        items[parcel_id].append(FulfilledItem(variant_id=variant, quantity=quantity))
    query = (
        select(
            Fulfillment.id,
            Fulfillment.order_id,
            Fulfillment.status,
            Fulfillment.tracking_company,
            Fulfillment.tracking_number,
            Fulfillment.tracking_url,
            Fulfillment.tracking_status,
            Fulfillment.shipped_at,
        )
        .where(Fulfillment.order_id.in_(orders))
        .order_by(Fulfillment.id)
    )
    found: dict[int, list[FulfillmentShape]] = defaultdict(list)
    for row in session.execute(query):
        found[row.order_id].append(_parcel(row, items[row.id]))
    return found


def _parcel(row: Any, items: list[FulfilledItem]) -> FulfillmentShape:
    return FulfillmentShape(
        fulfillment_id=ids.encode(ids.FULFILLMENT, row.id),
        status=row.status,
        tracking_company=row.tracking_company,
        tracking_number=row.tracking_number,
        tracking_url=row.tracking_url,
        tracking_status=row.tracking_status,
        items=items,
        shipped_at=row.shipped_at,
    )


def payments_of(session: Session, orders: list[int]) -> dict[int, list[PaymentShape]]:
    """Return the money that moved for each order, oldest first."""
    query = (
        select(
            PaymentTransaction.id,
            PaymentTransaction.order_id,
            PaymentTransaction.kind,
            PaymentTransaction.status,
            PaymentTransaction.amount,
            PaymentTransaction.currency,
            PaymentTransaction.provider,
            PaymentTransaction.processed_at,
        )
        .where(PaymentTransaction.order_id.in_(orders))
        .order_by(PaymentTransaction.id)
    )
    found: dict[int, list[PaymentShape]] = defaultdict(list)
    for row in session.execute(query):
        found[row.order_id or 0].append(_payment(row))
    return found


def _payment(row: Any) -> PaymentShape:
    return PaymentShape(
        payment_id=ids.encode(ids.PAYMENT, row.id),
        kind=row.kind,
        status=row.status,
        amount=Money(row.amount, row.currency).major,
        currency=row.currency,
        provider=row.provider,
        processed_at=row.processed_at,
    )
