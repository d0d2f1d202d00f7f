"""Put the goods of an order into the visitor's cart, from the page of the order, and tell what is not sold any more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import g, redirect, request
from werkzeug.wrappers import Response

from souk.cart.create import KEPT_FOR
from souk.checkout.buy_again import BoughtAgain
from souk.checkout.buy_again import buy_again as put_again
from souk.kernel.db import transaction
from souk.web.checkout.order_reads import OrderView, order_id_of
from souk.web.cookies import CART, set_cookie
from souk.web.storefront.cart import own_cart
from souk.web.storefront.prices import visit_groups

MOST_LINES = 250


@dataclass(frozen=True, slots=True)
class Told:
    """Lines of the order of which fewer, or none, went into the cart; `nothing` says that none went in at all."""

    fewer: Sequence[Any]
    left: Sequence[Any]
    nothing: bool


def buy_again(token: str) -> Response:
    """Lead to the cart; back to the order where not everything went in, so that a reload adds nothing twice."""
    with transaction(g.shop.scope, durable=False, configured=True) as session:
        order_id = order_id_of(session, token)
        cart_id, cart_token = own_cart(session)
        done = put_again(session, order_id, cart_id, visit_groups(session))
    response = redirect(_target(token, done), 303)
    set_cookie(response, CART, cart_token, max_age=int(KEPT_FOR.total_seconds()))
    return response


def _target(token: str, done: BoughtAgain) -> str:
    if not (done.left or done.fewer):
        return "/cart"
    told = {"again": "some" if done.put else "none", "left": done.left, "fewer": done.fewer}
    return f"/orders/{token}?{urlencode(told, doseq=True)}#again"


def told_of(view: OrderView) -> Told | None:
    """Return what the address says of a purchase that was just repeated; None where it says nothing."""
    if "again" not in request.args:
        return None
    fewer, left = _lines(view, "fewer"), _lines(view, "left")
    return Told(fewer, left, nothing=request.args["again"] == "none")


def _lines(view: OrderView, name: str) -> list[Any]:
    asked = set(request.args.getlist(name)[:MOST_LINES])
    return [line for line in view.lines if str(line.id) in asked]
