"""What an app does with an order: send it, note its payment, cancel it, give money back."""

from __future__ import annotations

import secrets

from souk.kernel import ids
from souk.kernel.db import transaction
from souk.kernel.money import Money
from souk.orders.cancel import cancel_order
from souk.orders.capture import capture_order
from souk.orders.collect import picked_up, ready_for_pickup
from souk.orders.errors import UnknownFulfillment
from souk.orders.fulfill import fulfill_order
from souk.orders.mark_paid import mark_paid
from souk.orders.read import read_order
from souk.orders.refund import RefundLine, refund_order
from souk.orders.track import note_carrier, set_tracking
from souk.orders.void import void_order
from souk.web.api.admin.orders import one_order
from souk.web.api.definition import admin_api
from souk.web.api.operations import Call
from souk.web.api.schemas.admin_orders import (
    AdminOrder,
    CancelAdminOrder,
    FulfillmentChanges,
    NewCapture,
    NewFulfillment,
    NewRefund,
)
from souk.web.api.schemas.common import Nothing


@admin_api.operation(
    "POST",
    "/orders/{order_id}/fulfillments",
    summary="Send an order, or a part of it",
    tag="orders",
    takes=NewFulfillment,
    answers=AdminOrder,
    status=201,
    access="admin",
    permission="write_orders",
    optional_body=True,
    problems={409: "`cannot_fulfill`: less is left to send; `out_of_stock`: less is free at the location."},
)
def fulfill(call: Call, body: NewFulfillment) -> AdminOrder:
    lines = None
    if body.line_items is not None:
        lines = [(ids.decode(ids.LINE, one.line_item_id), one.quantity) for one in body.line_items]
    order_id = _order_id(call)
    fulfill_order(
        call.session,
        order_id,
        lines,
        tracking_company=body.tracking_company,
        tracking_number=body.tracking_number,
        tracking_url=body.tracking_url,
        location_id=None if body.location_id is None else ids.decode(ids.LOCATION, body.location_id),
        actor=call.actor,
    )
    return one_order(call.session, order_id)


@admin_api.operation(
    "POST",
    "/orders/{order_id}/ready-for-pickup",
    summary="Note that an order lies ready where its buyer collects it",
    tag="orders",
    takes=Nothing,
    answers=AdminOrder,
    access="admin",
    permission="write_orders",
    optional_body=True,
    problems={409: "`cannot_fulfill`: it is sent, on hold, or lies ready already."},
)
def lay_ready(call: Call, _body: Nothing) -> AdminOrder:
    order_id = _order_id(call)
    ready_for_pickup(call.session, order_id, call.actor)
    return one_order(call.session, order_id)


@admin_api.operation(
    "POST",
    "/orders/{order_id}/picked-up",
    summary="Note that the buyer has picked an order up",
    tag="orders",
    takes=Nothing,
    answers=AdminOrder,
    access="admin",
    permission="write_orders",
    optional_body=True,
    problems={409: "`cannot_fulfill`: it is sent, on hold, or nothing is left to hand over."},
)
def hand_over(call: Call, _body: Nothing) -> AdminOrder:
    order_id = _order_id(call)
    picked_up(call.session, order_id, call.actor)
    return one_order(call.session, order_id)


@admin_api.operation(
    "PATCH",
    "/orders/{order_id}/fulfillments/{fulfillment_id}",
    summary="Give a parcel its tracking, or tell what its carrier says",
    tag="orders",
    takes=FulfillmentChanges,
    answers=AdminOrder,
    access="admin",
    permission="write_orders",
)
def change_fulfillment(call: Call, body: FulfillmentChanges) -> AdminOrder:
    order_id, parcel_id = _order_id(call), ids.decode(ids.FULFILLMENT, call.path["fulfillment_id"])
    before = next((one for one in read_order(call.session, order_id).fulfillments if one.id == parcel_id), None)
    if before is None:
        raise UnknownFulfillment
    company, number, url = (
        getattr(before if getattr(body, name) is None else body, name)
        for name in ("tracking_company", "tracking_number", "tracking_url")
    )
    set_tracking(call.session, order_id, parcel_id, company, number, url, call.actor)
    if body.tracking_status is not None:
        note_carrier(call.session, order_id, parcel_id, body.tracking_status, call.actor)
    return one_order(call.session, order_id)


@admin_api.operation(
    "POST",
    "/orders/{order_id}/mark-paid",
    summary="Note that the money of a manual payment has come",
    tag="orders",
    takes=Nothing,
    answers=AdminOrder,
    access="admin",
    permission="write_orders",
    optional_body=True,
    problems={409: "`nothing_to_pay`."},
)
def note_payment(call: Call, _body: Nothing) -> AdminOrder:
    order_id = _order_id(call)
    mark_paid(call.session, order_id, call.actor)
    return one_order(call.session, order_id)


@admin_api.operation(
    "POST",
    "/orders/{order_id}/cancel",
    summary="Cancel an order of which nothing was sent, and give its money back",
    tag="orders",
    takes=CancelAdminOrder,
    answers=AdminOrder,
    access="admin",
    permission="write_orders",
    edge=True,
    optional_body=True,
    problems={409: "`cannot_cancel`: a part was sent. An order that is canceled already is answered as it is."},
)
def cancel_any_order(call: Call, body: CancelAdminOrder) -> AdminOrder:
    order_id = _order_id(call)
    cancel_order(call.scope, order_id, body.reason, body.restock, call.actor, note=body.note)
    with transaction(call.scope, read_only=True) as session:
        return one_order(session, order_id)


@admin_api.operation(
    "POST",
    "/orders/{order_id}/refunds",
    summary="Give money back",
    tag="orders",
    takes=NewRefund,
    answers=AdminOrder,
    status=201,
    access="admin",
    permission="write_orders",
    edge=True,
    problems={409: "`refund_refused`: the provider said no; the refused refund is on record."},
)
def refund(call: Call, body: NewRefund) -> AdminOrder:
    order_id = _order_id(call)
    with transaction(call.scope, read_only=True) as session:
        currency = one_order(session, order_id).currency
    amount = None if body.amount is None else Money.from_major(body.amount, currency).amount
    shipping = Money.from_major(body.shipping or 0, currency).amount
    lines = [RefundLine(ids.decode(ids.LINE, one.line_item_id), one.quantity, one.restock) for one in body.line_items]
    # A request that died on the way is repeated with its key: the money moves once.
    key = f"app-{call.token_id}-{order_id}-{call.key or secrets.token_hex(16)}"
    refund_order(call.scope, order_id, amount, lines, body.reason, call.actor, key, shipping=shipping)
    with transaction(call.scope, read_only=True) as session:
        return one_order(session, order_id)


@admin_api.operation(
    "POST",
    "/orders/{order_id}/captures",
    summary="Take authorized money, whole or in parts",
    tag="orders",
    takes=NewCapture,
    answers=AdminOrder,
    status=201,
    access="admin",
    permission="write_orders",
    edge=True,
    optional_body=True,
    problems={
        409: "`nothing_authorized`, or `capture_refused`: the provider said no; the refusal is on record.",
        422: "`capture_too_large`.",
    },
)
def capture(call: Call, body: NewCapture) -> AdminOrder:
    order_id = _order_id(call)
    with transaction(call.scope, read_only=True) as session:
        currency = one_order(session, order_id).currency
    amount = None if body.amount is None else Money.from_major(body.amount, currency).amount
    key = f"app-{call.token_id}-{call.key or secrets.token_hex(16)}"
    capture_order(call.scope, order_id, amount, actor=call.actor, idempotency_key=key, final=body.final)
    with transaction(call.scope, read_only=True) as session:
        return one_order(session, order_id)


@admin_api.operation(
    "POST",
    "/orders/{order_id}/void",
    summary="Let go of authorized money that was not captured",
    tag="orders",
    takes=Nothing,
    answers=AdminOrder,
    access="admin",
    permission="write_orders",
    edge=True,
    optional_body=True,
    problems={409: "`nothing_authorized`, or `already_captured`: the money was taken meanwhile; refund it."},
)
def void(call: Call, _body: Nothing) -> AdminOrder:
    order_id = _order_id(call)
    void_order(call.scope, order_id, call.actor)
    with transaction(call.scope, read_only=True) as session:
        return one_order(session, order_id)


def _order_id(call: Call) -> int:
    return ids.decode(ids.ORDER, call.path["order_id"])
