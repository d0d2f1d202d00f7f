"""A customer asks to send goods of their own order back, or pays what an edit left open."""

from __future__ import annotations

from souk.checkout.balance import open_balance
from souk.checkout.complete import complete_checkout
from souk.kernel.db import transaction
from souk.orders.returning.queries import read_return
from souk.orders.returning.request import request_return
from souk.web.api.admin.returns import lines_from, return_view
from souk.web.api.definition import shop_api
from souk.web.api.operations import Call
from souk.web.api.schemas.order_changes import AskReturn, ReturnView
from souk.web.api.schemas.orders import OrderShape, PayBalance
from souk.web.api.shop.orders import own_order, own_order_id


@shop_api.operation(
    "POST",
    "/orders/{order_id}/returns",
    summary="Ask to send goods of your order back",
    tag="orders",
    takes=AskReturn,
    answers=ReturnView,
    status=201,
    access="customer",
    problems={409: "`cannot_return`: not sent yet, in another return, or too late.", 422: "`invalid_return`."},
)
def ask_for_return(call: Call, body: AskReturn) -> ReturnView:
    order_id = own_order_id(call.session, call)
    change_id = request_return(call.session, order_id, lines_from(body.line_items), note=body.note)
    return return_view(read_return(call.session, change_id))


@shop_api.operation(
    "POST",
    "/orders/{order_id}/pay",
    summary="Pay what is left to pay for your order after it was changed",
    tag="orders",
    takes=PayBalance,
    answers=OrderShape,
    access="customer",
    edge=True,
    problems={402: "The payment was declined; nothing was charged.", 409: "`nothing_to_pay`."},
)
def pay_balance(call: Call, body: PayBalance) -> OrderShape:
    with transaction(call.scope) as session:
        token = open_balance(session, own_order_id(session, call))
    complete_checkout(call.scope, token, body.payment_method.model_dump(exclude_none=True))
    with transaction(call.scope, read_only=True) as session:
        return own_order(session, call)
