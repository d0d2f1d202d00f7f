"""Read and cancel one's own orders."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from souk.kernel import ids
from souk.kernel.db import transaction
from souk.kernel.errors import NotFound
from souk.orders.cancel import cancel_order
from souk.orders.models import Order
from souk.web.api.definition import shop_api
from souk.web.api.operations import Call
from souk.web.api.schemas.common import Nothing
from souk.web.api.schemas.orders import CancelOrder, OrderPage, OrderParameters, OrderShape
from souk.web.api.shop.order_rows import order_page


class NoSuchOrder(NotFound):
    """Also for another customer's order, so that numbers cannot be probed."""

    code = "order_not_found"

    def __init__(self) -> None:
        super().__init__("You have no order with this id; GET /orders lists yours.")


@shop_api.operation(
    "GET",
    "/orders",
    summary="List your orders, newest first",
    tag="orders",
    takes=OrderParameters,
    answers=OrderPage,
    access="customer",
)
def list_orders(call: Call, query: OrderParameters) -> OrderPage:
    where: list[ColumnElement[bool]] = [Order.customer_id == call.customer_id]
    if query.status:
        where.append(Order.status == query.status)
    orders, total = order_page(call.session, where, query.page, query.limit)
    return OrderPage(orders=orders, total=total, page=query.page, limit=query.limit)


@shop_api.operation(
    "GET",
    "/orders/{order_id}",
    summary="Read one of your orders",
    tag="orders",
    takes=Nothing,
    answers=OrderShape,
    access="customer",
)
def read_order(call: Call, _query: Nothing) -> OrderShape:
    return own_order(call.session, call)


@shop_api.operation(
    "POST",
    "/orders/{order_id}/cancel",
    summary="Cancel an order of which nothing was sent",
    tag="orders",
    takes=CancelOrder,
    answers=OrderShape,
    access="customer",
    edge=True,
    optional_body=True,
    problems={409: "`cannot_cancel`: a part was sent. An order that is canceled already is answered as it is."},
)
def cancel(call: Call, body: CancelOrder) -> OrderShape:
    with transaction(call.scope, read_only=True) as session:
        own_order(session, call)
    order_id = ids.decode(ids.ORDER, call.path["order_id"])
    cancel_order(call.scope, order_id, reason="customer", restock=True, actor="customer", note=body.reason)
    with transaction(call.scope, read_only=True) as session:
        return own_order(session, call)


def own_order(session: Session, call: Call) -> OrderShape:
    """Return the order of the path when it is the caller's; raises NoSuchOrder."""
    number = ids.decode(ids.ORDER, call.path["order_id"])
    orders, _ = order_page(session, [Order.id == number, Order.customer_id == call.customer_id], 1, 1)
    if not orders:
        raise NoSuchOrder
    return orders[0]


def own_order_id(session: Session, call: Call) -> int:
    """Return the id of the path's order when it is the caller's; raises NoSuchOrder."""
    number = ids.decode(ids.ORDER, call.path["order_id"])
    own = select(Order.id).where(Order.id == number, Order.customer_id == call.customer_id)
    if session.execute(own).first() is None:
        raise NoSuchOrder
    return number
