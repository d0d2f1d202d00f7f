"""Begin the checkout of the cart in the cookie."""

from __future__ import annotations

from flask import g, redirect
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from souk.cart.errors import UnknownCart
from souk.cart.queries import OpenCart, open_cart
from souk.checkout.admission.wait import bind_ticket
from souk.checkout.changes import Changes
from souk.checkout.read import read_checkout
from souk.checkout.start import checkout_of
from souk.checkout.update import update_checkout
from souk.customers.models import CustomerAddress
from souk.customers.sessions import customer_of_token
from souk.kernel.answers import answered
from souk.kernel.db import transaction
from souk.kernel.settings import read_setting
from souk.orders.models import Order
from souk.web.checkout.queue import at_gate, waiting_page, with_ticket
from souk.web.cookies import CART, CUSTOMER, read_cookie
from souk.web.language_prefix import visit_locale


def start() -> Response:
    """Send the buyer to the checkout's page, into the queue before it, or back to a cart with nothing in it."""
    return answered(g.shop.scope, _begin)


def _begin() -> Response:
    cart_token = read_cookie(CART)
    if not cart_token:
        return redirect("/cart", 303)
    try:
        with transaction(g.shop.scope, durable=False, configured=True) as session:
            cart = open_cart(session, cart_token, lock=True)
            if not cart.filled:
                return redirect("/cart", 303)
            wait = at_gate(session, cart)
            token = "" if wait is not None and not wait.admitted else _start(session, cart)
            if wait is not None and token:
                bind_ticket(session, wait, token)
    except UnknownCart:
        return redirect("/cart", 303)
    if wait is not None and not token:
        return waiting_page(wait)
    response = redirect(f"/checkout/{token}", 303)
    return with_ticket(response, wait) if wait is not None else response


def _start(session: Session, cart: OpenCart) -> str:
    signed_in, locale = read_cookie(CUSTOMER), visit_locale(read_setting(session, "shop"))
    customer = customer_of_token(session, signed_in, "session") if signed_in else None
    if customer is None:
        return checkout_of(session, cart, locale=locale)
    token = checkout_of(session, cart, customer_id=customer.id, locale=locale)
    if not read_checkout(session, token).shipping_address:
        address = _default_address(session, customer.id) or _last_address(session, customer.id)
        if address:
            update_checkout(session, token, Changes(email=customer.email, shipping_address=address))
    return token


def _default_address(session: Session, customer_id: int) -> dict[str, str] | None:
    query = (
        select(CustomerAddress.address)
        .where(CustomerAddress.customer_id == customer_id)
        .order_by(CustomerAddress.is_default.desc(), CustomerAddress.id)
        .limit(1)
    )
    return session.execute(query).scalar_one_or_none()


def _last_address(session: Session, customer_id: int) -> dict[str, str] | None:
    """Return where the customer's last order went; one that was picked up carries the address of the place."""
    query = (
        select(Order.shipping_address)
        .where(Order.customer_id == customer_id, Order.source == "storefront", Order.shipping_address != {})
        .where(~Order.shipping_line.has_key("pickup"))
        .order_by(Order.placed_at.desc())
        .limit(1)
    )
    return session.execute(query).scalar_one_or_none()
