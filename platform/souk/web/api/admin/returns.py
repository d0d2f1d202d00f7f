"""Returns, exchanges and claims as an app handles them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from souk.kernel import ids
from souk.kernel.db import transaction
from souk.kernel.money import Money
from souk.orders.models import OrderChange
from souk.orders.returning.queries import KINDS, read_return
from souk.orders.returning.request import (
    ReturnLine,
    approve_return,
    cancel_return,
    decline_return,
    receive_return,
    request_return,
)
from souk.orders.returning.settle import Inspected, settle_return
from souk.web.api.admin.order_edits import goods_from
from souk.web.api.admin.orders import one_order
from souk.web.api.cursors import after, cursor_of
from souk.web.api.definition import admin_api
from souk.web.api.operations import Call
from souk.web.api.schemas.common import Nothing
from souk.web.api.schemas.order_changes import (
    NewReturn,
    ReturnedLine,
    ReturnFilters,
    ReturnPage,
    ReturnStep,
    ReturnView,
    SettleReturn,
)


@admin_api.operation(
    "POST",
    "/orders/{order_id}/returns",
    summary="Note a return, an exchange or a claim",
    tag="returns",
    takes=NewReturn,
    answers=ReturnView,
    status=201,
    access="admin",
    permission="write_orders",
    problems={409: "`cannot_return`: fewer units were sent.", 422: "`invalid_return`, `unknown_goods`."},
)
def create_return(call: Call, body: NewReturn) -> ReturnView:
    order_id = ids.decode(ids.ORDER, call.path["order_id"])
    added = goods_from(body.add, one_order(call.session, order_id).currency)
    if body.kind == "claim":
        # What replaces faulty goods is free unless a price is named.
        added = [{**one, "unit_price": one["unit_price"] or 0} for one in added]
    change_id = request_return(
        call.session, order_id, lines_from(body.line_items), body.kind, body.note, call.actor, added
    )
    return return_view(read_return(call.session, change_id))


@admin_api.operation(
    "GET",
    "/returns",
    summary="List returns, newest first",
    tag="returns",
    takes=ReturnFilters,
    answers=ReturnPage,
    access="admin",
    permission="read_orders",
)
def list_all_returns(call: Call, query: ReturnFilters) -> ReturnPage:
    wanted = [OrderChange.kind.in_(KINDS), *after(OrderChange.id.expression, query.after)]
    if query.status is not None:
        wanted.append(OrderChange.status == query.status)
    newest = select(*OrderChange.__table__.c).where(*wanted).order_by(OrderChange.id.desc()).limit(query.limit + 1)
    rows = call.session.execute(newest).all()
    return ReturnPage(
        returns=[return_view(row) for row in rows[: query.limit]], next_cursor=cursor_of(rows, query.limit)
    )


@admin_api.operation(
    "GET",
    "/returns/{return_id}",
    summary="Read a return",
    tag="returns",
    takes=Nothing,
    answers=ReturnView,
    access="admin",
    permission="read_orders",
)
def read_any_return(call: Call, _query: Nothing) -> ReturnView:
    return return_view(read_return(call.session, _return_id(call)))


@admin_api.operation(
    "POST",
    "/returns/{return_id}/steps",
    summary="Approve, decline, receive or cancel a return",
    tag="returns",
    takes=ReturnStep,
    answers=ReturnView,
    access="admin",
    permission="write_orders",
    problems={409: "`return_status`: the return is at another step."},
)
def take_return_step(call: Call, body: ReturnStep) -> ReturnView:
    change_id = _return_id(call)
    if body.step == "approve":
        approve_return(call.session, change_id, call.actor, body.note)
    elif body.step == "decline":
        decline_return(call.session, change_id, call.actor, body.note)
    elif body.step == "receive":
        receive_return(call.session, change_id, call.actor)
    else:
        cancel_return(call.session, change_id, call.actor)
    return return_view(read_return(call.session, change_id))


@admin_api.operation(
    "POST",
    "/returns/{return_id}/settle",
    summary="Inspect the goods of a return and move the money that is due",
    tag="returns",
    takes=SettleReturn,
    answers=ReturnView,
    access="admin",
    permission="write_orders",
    edge=True,
    problems={409: "`return_status`; `out_of_stock`; `refund_refused`: the return is closed, the money did not move."},
)
def settle_any_return(call: Call, body: SettleReturn) -> ReturnView:
    change_id = _return_id(call)
    with transaction(call.scope, read_only=True) as session:
        change = read_return(session, change_id)
        currency = one_order(session, change.order_id).currency
    inspected = [Inspected(ids.decode(ids.LINE, one.line_item_id), one.restock, one.discard) for one in body.line_items]
    amount = None if body.amount is None else Money.from_major(body.amount, currency).amount
    place = None if body.location_id is None else ids.decode(ids.LOCATION, body.location_id)
    settle_return(
        call.scope, change_id, inspected, call.actor, amount, location_id=place, rest_follows=body.rest_follows
    )
    with transaction(call.scope, read_only=True) as session:
        return return_view(read_return(session, change_id))


def lines_from(lines: list[ReturnedLine]) -> list[ReturnLine]:
    """Return the lines as the verb takes them."""
    return [ReturnLine(ids.decode(ids.LINE, one.line_item_id), one.quantity, one.reason) for one in lines]


def return_view(row: Any) -> ReturnView:
    """Return a return as both APIs show it."""
    return ReturnView(
        id=ids.encode(ids.RETURN, row.id),
        order_id=ids.encode(ids.ORDER, row.order_id),
        kind=row.kind,
        status=row.status,
        line_items=[
            ReturnedLine(
                line_item_id=ids.encode(ids.LINE, line["line_id"]), quantity=line["quantity"], reason=line["reason"]
            )
            for line in row.content["lines"]
        ],
        note=row.note,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _return_id(call: Call) -> int:
    return ids.decode(ids.RETURN, call.path["return_id"])
