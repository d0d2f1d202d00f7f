"""List and read orders."""

from __future__ import annotations

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from souk.kernel import ids
from souk.orders.errors import UnknownOrder
from souk.orders.events import timeline
from souk.orders.models import Order
from souk.web.api.admin.order_rows import admin_orders, order_rows
from souk.web.api.cursors import after, cursor_of
from souk.web.api.definition import admin_api
from souk.web.api.operations import Call
from souk.web.api.schemas.admin_orders import (
    AdminOrder,
    AdminOrderPage,
    OrderFilters,
    Timeline,
    TimelineEvent,
)
from souk.web.api.schemas.common import Nothing


@admin_api.operation(
    "GET",
    "/orders",
    summary="List orders, newest first",
    tag="orders",
    takes=OrderFilters,
    answers=AdminOrderPage,
    access="admin",
    permission="read_orders",
)
def list_all_orders(call: Call, query: OrderFilters) -> AdminOrderPage:
    rows = order_rows(call.session, _conditions(query), query.limit + 1)
    orders = admin_orders(call.session, rows[: query.limit])
    return AdminOrderPage(orders=orders, next_cursor=cursor_of(rows, query.limit))


@admin_api.operation(
    "GET",
    "/orders/{order_id}",
    summary="Read an order",
    tag="orders",
    takes=Nothing,
    answers=AdminOrder,
    access="admin",
    permission="read_orders",
)
def read_any_order(call: Call, _query: Nothing) -> AdminOrder:
    return one_order(call.session, ids.decode(ids.ORDER, call.path["order_id"]))


@admin_api.operation(
    "GET",
    "/orders/{order_id}/timeline",
    summary="Read who did what with an order, and when",
    tag="orders",
    takes=Nothing,
    answers=Timeline,
    access="admin",
    permission="read_orders",
)
def read_timeline(call: Call, _query: Nothing) -> Timeline:
    order_id = ids.decode(ids.ORDER, call.path["order_id"])
    one_order(call.session, order_id)
    rows = timeline(call.session, order_id)
    return Timeline(events=[TimelineEvent.model_validate(row, from_attributes=True) for row in rows])


def one_order(session: Session, order_id: int) -> AdminOrder:
    """Return one order of this shop; raises UnknownOrder."""
    rows = order_rows(session, [Order.id == order_id], 1)
    if not rows:
        raise UnknownOrder
    return admin_orders(session, rows)[0]


def _conditions(query: OrderFilters) -> list[ColumnElement[bool]]:
    conditions = after(Order.id.expression, query.after)
    equal = (
        (Order.status, query.status),
        (Order.financial_status, query.financial_status),
        (Order.fulfillment_status, query.fulfillment_status),
        (Order.email, query.email.lower()),
    )
    conditions += [column == wanted for column, wanted in equal if wanted]
    if query.customer_id is not None:
        conditions.append(Order.customer_id == ids.decode(ids.USER, query.customer_id))
    if query.placed_since is not None:
        conditions.append(Order.placed_at >= query.placed_since)
    return conditions
