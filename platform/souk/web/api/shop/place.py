"""Place an order: cart, checkout and payment in one request."""

from __future__ import annotations

from typing import Any

from flask import g

from souk.cart.add import add_line
from souk.cart.create import create_cart
from souk.checkout.changes import Changes
from souk.checkout.codes import enter_checkout_code
from souk.checkout.complete import complete_checkout, resume_checkout
from souk.checkout.pickup import PREFIX
from souk.checkout.start import start_checkout
from souk.checkout.update import update_checkout
from souk.customers.payment_methods import read_method
from souk.customers.queries import read_customer
from souk.kernel import ids
from souk.kernel.answers import answered
from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.kernel.errors import Conflict, Forbidden, Invalid, PaymentRequired, SoukError
from souk.orders.models import Order
from souk.payments.provider import installed, offered_for
from souk.pricing.rules import Market, read_rules
from souk.web.api.definition import shop_api
from souk.web.api.operations import Call
from souk.web.api.schemas.orders import OrderShape, PlaceOrder, SavedPayment
from souk.web.api.schemas.products import MarketParameters
from souk.web.api.shop.items import resolve_items
from souk.web.api.shop.markets import asked_market
from souk.web.api.shop.order_rows import order_page
from souk.web.api.shop.queue import take_place


class NotYourself(Forbidden):
    code = "user_mismatch"

    def __init__(self) -> None:
        super().__init__("The user_id is not that of the token; leave it out or send your own.")


class CannotShip(Invalid):
    code = "no_shipping_rate"

    def __init__(self) -> None:
        super().__init__("The shop does not ship these items to this address; choose another address.")


class ActionRequired(PaymentRequired):
    """`action` says where the buyer proves who they are; the order stands once that has succeeded."""

    code = "requires_action"

    def __init__(self, checkout_token: str) -> None:
        url = f"{config().origin(g.shop.primary_host)}/checkout/{checkout_token}/authenticate"
        super().__init__(
            "The buyer must confirm this payment; open action.url in a browser.",
            action={"type": "redirect", "url": url},
        )


class SoldOut(Conflict):
    """`item` is the variant of which too little is left, `available` how many may be ordered."""

    code = "out_of_stock"

    def __init__(self, missing: list[dict[str, Any]]) -> None:
        items = [
            {"variant_id": ids.encode(ids.VARIANT, one["variant_id"]), "available": one["available"]} for one in missing
        ]
        super().__init__(
            "There is too little stock; order at most what is available.",
            item=items[0]["variant_id"],
            available=items[0]["available"],
            items=items,
        )


@shop_api.operation(
    "POST",
    "/orders",
    summary="Place an order",
    tag="orders",
    takes=PlaceOrder,
    answers=OrderShape,
    status=201,
    access="customer",
    edge=True,
    problems={
        402: "The payment was declined; `code` says why, no order was made and no stock is held.",
        403: "`user_mismatch`.",
        409: "`price_changed` with `price`, `out_of_stock` with `item` and `available`, or `admission_required`: these"
        " goods are sold through a queue, in which POST /queue takes a place.",
    },
)
def place_order(call: Call, body: PlaceOrder) -> OrderShape:
    try:
        order_id = _order_of_interrupted(call) or _order(call, body)
    except SoukError as error:
        if error.code == SoldOut.code and error.extra.get("items") and not isinstance(error, SoldOut):
            raise SoldOut(error.extra["items"]) from error
        raise
    with transaction(call.scope, read_only=True) as session:
        return order_page(session, [Order.id == order_id], 1, 1)[0][0]


def _order_of_interrupted(call: Call) -> int | None:
    # A first request that died after this note may have charged: its checkout is finished, never a second one begun.
    if not call.resumed:
        return None
    completion = resume_checkout(call.scope, call.resumed)
    if completion.action:
        raise ActionRequired(call.resumed)
    return completion.order_id


def _order(call: Call, body: PlaceOrder) -> int:
    method = _method(call, body)
    token = answered(call.scope, lambda: _prepare(call, body, method["type"]))
    call.checkpoint(token)
    completion = complete_checkout(call.scope, token, method, return_url=_return_url(token), payer=call.customer_id)
    if completion.order_id is None:
        raise ActionRequired(token)
    return completion.order_id


def _method(call: Call, body: PlaceOrder) -> dict[str, Any]:
    """Return the method as checkout takes it; a saved one under the type of its provider."""
    if not isinstance(body.payment_method, SavedPayment):
        return body.payment_method.model_dump()
    with transaction(call.scope, read_only=True) as session:
        kept = read_method(session, call.customer_id, ids.decode(ids.PAYMENT_METHOD, body.payment_method.id))
    return {"type": installed(kept.provider).method_type, "saved": kept.id}


def _return_url(token: str) -> str:
    return f"{config().origin(g.shop.primary_host)}/checkout/{token}/return"


def _destination(body: PlaceOrder) -> tuple[dict[str, Any], str | None]:
    """Return the address and what is chosen: a place, or None for the cheapest rate."""
    address = {} if body.shipping_address is None else body.shipping_address.model_dump()
    if body.pickup is None:
        return address, None
    collector = {"name": body.pickup.name, "phone": body.pickup.phone}
    return {**address, **collector}, f"{PREFIX}{ids.decode(ids.LOCATION, body.pickup.location_id)}"


def _prepare(call: Call, body: PlaceOrder, method_type: str) -> str:
    with transaction(call.scope) as session:
        if body.user_id is not None and ids.decode(ids.USER, body.user_id) != call.customer_id:
            raise NotYourself
        buyer, rules = read_customer(session, call.customer_id), read_rules(session)
        address, code = _destination(body)
        country = address.get("country", "")
        asked = asked_market(rules, MarketParameters(currency=body.currency or rules.base, country=country))
        market = Market(asked.currency, country, frozenset(buyer.tags))
        wanted = resolve_items(session, body.items, rules, market)
        cart = create_cart(session, market.currency, country=country)
        for variant_id, quantity in wanted.items():
            add_line(session, cart.token, variant_id, quantity, market.groups)
        token = start_checkout(session, cart.token, customer_id=call.customer_id)
        provider = offered_for(session, method_type).name
        told = Changes(
            email=buyer.email,
            shipping_address=address,
            shipping_code=code,
            billing_address=address,
            payment_provider=provider,
            extras={"fields": body.fields, "terms": body.accepts_terms},
            or_cheapest=True,
        )
        shown = update_checkout(session, token, told)
        goods = {line.variant_id: line.product_id for line in shown.lines}
        take_place(session, call.scope.tenant_id, body.ticket, goods, token)
        for code in body.discount_codes:
            shown = enter_checkout_code(session, token, code)
        if not shown.rates and any(one.code == "shipping_rate_missing" for one in shown.requirements):
            raise CannotShip
    return token
