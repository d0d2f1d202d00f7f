"""Show one order with everything that belongs to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from souk.orders.errors import UnknownOrder
from souk.orders.models import Fulfillment, FulfillmentLine, Order, OrderLine, Refund, TaxLine
from souk.payments.models import PaymentTransaction

Rows = Sequence[Any]
_ORDER = [column for column in Order.__table__.columns if column.name not in {"cart_id", "to_base"}]


@dataclass(frozen=True, slots=True)
class OrderView:
    """Amounts in minor units of `currency`. `lines`, `taxes`, `fulfillments`, `refunds` and `payments` are rows
    with the columns of their tables; a fulfillment's lines stand in `parcels[fulfillment.id]`.
    """

    id: int
    number: int
    name: str
    token: str
    checkout_id: int | None
    customer_id: int | None
    status: str
    financial_status: str
    fulfillment_status: str
    email: str
    phone: str
    locale: str
    currency: str
    prices_include_tax: bool
    subtotal: int
    discount_total: int
    shipping_total: int
    included_tax_total: int
    additional_tax_total: int
    total: int
    shipping_address: dict[str, Any]
    billing_address: dict[str, Any]
    shipping_line: dict[str, Any]
    discounts: list[dict[str, Any]]
    payment_provider: str
    note: str
    # [{id, label, value}]: what plugins asked in the checkout.
    fields: list[dict[str, Any]]
    source: str
    cancel_reason: str | None
    external_number: str | None
    hold_reason: str
    risks: list[dict[str, Any]]
    tags: list[str]
    version: int
    placed_at: datetime
    canceled_at: datetime | None
    closed_at: datetime | None
    lines: Rows
    taxes: Rows
    fulfillments: Rows
    parcels: dict[int, list[Any]]
    refunds: Rows
    payments: Rows

    @property
    def tracking_number(self) -> str:
        """The number of the newest parcel that has one."""
        return next((one.tracking_number for one in reversed(self.fulfillments) if one.tracking_number), "")


def read_order(session: Session, order_id: int) -> OrderView:
    """Return an order of this shop; raises UnknownOrder."""
    return _read(session, Order.id == order_id)


def read_order_by_token(session: Session, token: str) -> OrderView:
    """Return the order that a buyer's secret link names; raises UnknownOrder."""
    return _read(session, Order.token == token)


def _read(session: Session, which: ColumnElement[bool]) -> OrderView:
    row = session.execute(select(*_ORDER).where(which)).first()
    if row is None:
        raise UnknownOrder
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for a row as a mapping
    order_id = values["id"]
    parcels: dict[int, list[Any]] = {}
    parts = select(FulfillmentLine.fulfillment_id, FulfillmentLine.order_line_id, FulfillmentLine.quantity)
    of_order = parts.join(Fulfillment, Fulfillment.id == FulfillmentLine.fulfillment_id)
    for part in session.execute(of_order.where(Fulfillment.order_id == order_id).order_by(FulfillmentLine.id)):
        parcels.setdefault(part.fulfillment_id, []).append(part)
    return OrderView(
        **values,
        lines=_rows(session, OrderLine, order_id),
        taxes=_rows(session, TaxLine, order_id),
        fulfillments=_rows(session, Fulfillment, order_id),
        parcels=parcels,
        refunds=_rows(session, Refund, order_id),
        payments=_rows(session, PaymentTransaction, order_id),
    )


def _rows(session: Session, model: Any, order_id: int) -> Rows:
    columns = select(*model.__table__.columns)
    return session.execute(columns.where(model.order_id == order_id).order_by(model.id)).all()
