"""Find an order without an account: its link goes to the address that it was bought with."""

from __future__ import annotations

from flask import g, request
from werkzeug.wrappers import Response

from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.orders.find_link import request_order_link
from souk.web.checkout.branding import read_branding
from souk.web.checkout.render import page

_MOST = 200


def find_order() -> Response:
    """Show the form, and after it the same words whether or not there is such an order."""
    with transaction(g.shop.scope, read_only=True) as session:
        brand = read_branding(session)
    error, asked = None, request.method == "POST"
    if asked:
        form = request.form
        try:
            with transaction(g.shop.scope) as session:
                number, email = form.get("number", "")[:_MOST], form.get("email", "")[:_MOST]
                request_order_link(session, number, email, ip_address=request.remote_addr or "")
        except SoukError as refused:
            error = refused
    status = error.status if error else 200
    return page("find_order.html", brand, status=status, sent=asked and error is None, error=error, typed=request.form)
