"""The saved ways to pay: list them, take one away."""

from __future__ import annotations

from flask import g
from werkzeug.wrappers import Response

from souk.checkout.saved import forget_saved_method
from souk.customers.payment_methods import list_methods
from souk.kernel.db import transaction
from souk.web.accounts.frame import blueprint, done, me, page


@blueprint.get("/payment-methods")
def payment_methods() -> Response:
    with transaction(g.shop.scope, read_only=True) as session:
        rows = list_methods(session, me().id)
    return page("payment_methods.html", rows=rows)


@blueprint.post("/payment-methods/<int:method_id>/remove")
def drop_payment_method(method_id: int) -> Response:
    forget_saved_method(g.shop.scope, me().id, method_id)
    return done("payment_methods")
