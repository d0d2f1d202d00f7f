"""Go from an order's page to the checkout that collects what an edit left to pay."""

from __future__ import annotations

from flask import g, redirect
from werkzeug.wrappers import Response

from souk.checkout.balance import open_balance
from souk.kernel.db import transaction
from souk.orders.errors import NothingToPay
from souk.web.checkout.order_reads import order_id_of


def pay_balance(token: str) -> Response:
    try:
        with transaction(g.shop.scope) as session:
            checkout = open_balance(session, order_id_of(session, token))
    except NothingToPay:
        return redirect(f"/orders/{token}", 303)
    return redirect(f"/checkout/{checkout}", 303)
