"""Follow the link of a reminder: back to one's own checkout, or to a cart with the goods."""

from __future__ import annotations

from flask import g, redirect
from werkzeug.wrappers import Response

from souk.cart.create import KEPT_FOR
from souk.checkout.abandoned.link import checkout_id_of
from souk.checkout.abandoned.recover import recover
from souk.customers.sessions import customer_of_token
from souk.kernel.db import transaction
from souk.web.cookies import CART, CUSTOMER, read_cookie, set_cookie


def recover_cart(token: str) -> Response:
    scope, signed_in = g.shop.scope, read_cookie(CUSTOMER)
    checkout_id = checkout_id_of(scope.tenant_id, token)
    with transaction(scope) as session:
        customer = customer_of_token(session, signed_in, "session") if signed_in else None
        found = recover(session, checkout_id, read_cookie(CART), customer.id if customer else None)
    response = redirect(f"/checkout/{found.checkout_token}" if found.checkout_token else "/cart", 303)
    set_cookie(response, CART, found.cart_token, max_age=int(KEPT_FOR.total_seconds()))
    # The link is a secret of the mail: the shop's pages and their scripts need not learn it.
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "private, no-store"
    return response
