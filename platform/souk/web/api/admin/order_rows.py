"""Read orders as apps see them: one select for each relation of a page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, select
from sqlalchemy.orm import Session

from souk.inventory.models import InventoryLevel
from souk.kernel import ids
from souk.kernel.money import Money
from souk.orders.models import Order, OrderLine, Refund
from souk.web.api.schemas.admin_orders import AdminOrder, LineItem, RefundedLine, RefundView, RiskNote, ShippingLine
from souk.web.api.shop.order_rows import address_of, discounts_of, fulfillments_of, payments_of

_COLUMNS: tuple[Any, ...] = (
    Order.id, Order.number, Order.name, Order.status, Order.financial_status, Order.fulfillment_status,
    Order.customer_id, Order.email, Order.phone, Order.currency, Order.prices_include_tax, Order.subtotal,
    Order.discount_total, Order.shipping_total, Order.included_tax_total, Order.additional_tax_total, Order.total,
    Order.shipping_address, Order.billing_address, Order.shipping_line, Order.note, Order.fields, Order.source,
    Order.cancel_reason,
    Order.placed_at, Order.canceled_at, Order.discounts, Order.tags, Order.hold_reason, Order.external_number,
    Order.version, Order.risks,
)  # fmt: skip
_SAME = (
    "number", "name", "status", "financial_status", "fulfillment_status", "email", "phone", "currency",
    "prices_include_tax", "note", "fields", "source", "cancel_reason", "placed_at", "canceled_at",
    "tags", "hold_reason", "external_number", "version",
)  # fmt: skip
_AMOUNTS = ("subtotal", "discount_total", "shipping_total", "total")
_OF_LINE: tuple[Any, ...] = (
    OrderLine.id, OrderLine.order_id, OrderLine.product_id, OrderLine.variant_id, OrderLine.title,
    OrderLine.variant_title, OrderLine.sku, OrderLine.vendor, OrderLine.quantity, OrderLine.fulfilled_quantity,
    OrderLine.canceled_quantity, OrderLine.refunded_quantity, OrderLine.unit_price, OrderLine.subtotal,
    OrderLine.discount_total, OrderLine.tax_total, OrderLine.price_trace, InventoryLevel.location_id,
)  # fmt: skip
_LINE_SAME = (
    "title", "variant_title", "sku", "vendor", "quantity", "fulfilled_quantity", "canceled_quantity",
    "refunded_quantity",
)  # fmt: skip


def order_rows(session: Session, where: Sequence[ColumnElement[bool]], limit: int) -> Sequence[Row[Any]]:
    """Return up to `limit` rows for `admin_orders`, newest first."""
    return session.execute(select(*_COLUMNS).where(*where).order_by(Order.id.desc()).limit(limit)).all()


def admin_orders(session: Session, rows: Sequence[Row[Any]]) -> list[AdminOrder]:
    """Return these orders with their lines, parcels, payments and refunds."""
    numbers = [row.id for row in rows]
    currencies = {row.id: row.currency for row in rows}
    lines, refunds = _lines(session, currencies), _refunds(session, currencies)
    parcels, payments = fulfillments_of(session, numbers), payments_of(session, numbers)
    return [
        AdminOrder(
            **{name: getattr(row, name) for name in _SAME},
            **_amounts(row),
            id=ids.encode(ids.ORDER, row.id),
            customer_id=None if row.customer_id is None else ids.encode(ids.USER, row.customer_id),
            tax_total=Money(row.included_tax_total + row.additional_tax_total, row.currency).major,
            shipping_address=address_of(row.shipping_address),
            billing_address=address_of(row.billing_address),
            shipping_line=_shipping(row),
            discounts=discounts_of(row),
            risks=[RiskNote(**{**risk, "at": datetime.fromisoformat(risk["at"])}) for risk in row.risks],
            line_items=lines[row.id],
            fulfillments=parcels[row.id],
            payments=payments[row.id],
            refunds=refunds[row.id],
        )
        for row in rows
    ]


def _amounts(row: Row[Any]) -> dict[str, Any]:
    return {name: Money(getattr(row, name), row.currency).major for name in _AMOUNTS}


def _shipping(row: Row[Any]) -> ShippingLine | None:
    line = row.shipping_line
    if not line:
        return None
    price = Money(int(line.get("amount", 0)), row.currency).major
    place = line.get("pickup")
    return ShippingLine(
        code=str(line.get("code", "")),
        title=str(line.get("title", "")),
        price=price,
        pickup_location_id=ids.encode(ids.LOCATION, place["location_id"]) if place else None,
        delivery_days=list(line.get("delivery_days", ())),
    )


def _lines(session: Session, currencies: dict[int, str]) -> dict[int, list[LineItem]]:
    lines = select(*_OF_LINE).outerjoin(InventoryLevel, InventoryLevel.id == OrderLine.level_id)
    query = lines.where(OrderLine.order_id.in_(currencies), OrderLine.quantity > 0).order_by(OrderLine.id)
    found: dict[int, list[LineItem]] = defaultdict(list)
    for row in session.execute(query):
        currency = currencies[row.order_id]
        found[row.order_id].append(
            LineItem(
                **{name: getattr(row, name) for name in _LINE_SAME},
                id=ids.encode(ids.LINE, row.id),
                product_id=ids.encode(ids.PRODUCT, row.product_id) if row.product_id else None,
                variant_id=ids.encode(ids.VARIANT, row.variant_id) if row.variant_id else None,
                location_id=ids.encode(ids.LOCATION, row.location_id) if row.location_id else None,
                price=Money(row.unit_price, currency).major,
                price_trace=steps_of(row.price_trace, currency),
                total=Money(row.subtotal - row.discount_total, currency).major,
                tax_total=Money(row.tax_total, currency).major,
            )
        )
    return found


def steps_of(trace: Sequence[Mapping[str, Any]], currency: str) -> list[dict[str, Any]]:
    """Return the explanation of a price with its amounts in major units."""
    return [
        {name: Money(value, currency).major if name == "amount" else value for name, value in step.items()}
        for step in trace
    ]


def _refunded(line: Mapping[str, Any]) -> RefundedLine:
    return RefundedLine(
        line_item_id=ids.encode(ids.LINE, line["order_line_id"]), quantity=line["quantity"], restock=line["restock"]
    )


def _refunds(session: Session, currencies: dict[int, str]) -> dict[int, list[RefundView]]:
    columns = (
        Refund.id, Refund.order_id, Refund.status, Refund.amount, Refund.shipping_amount, Refund.lines, Refund.reason,
        Refund.created_at,
    )  # fmt: skip
    query = select(*columns).where(Refund.order_id.in_(currencies)).order_by(Refund.id)
    found: dict[int, list[RefundView]] = defaultdict(list)
    for row in session.execute(query):
        found[row.order_id].append(
            RefundView(
                id=ids.encode(ids.REFUND, row.id),
                status=row.status,
                amount=Money(row.amount, currencies[row.order_id]).major,
                shipping=Money(row.shipping_amount, currencies[row.order_id]).major,
                line_items=[_refunded(line) for line in row.lines],
                reason=row.reason,
                created_at=row.created_at,
            )
        )
    return found
