"""What staff do with authorized money: take it, whole or in parts, or let it go."""

from __future__ import annotations

from flask import request
from flask_login import current_user

from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.orders.capture import capture_order
from souk.orders.void import void_order
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.order_actions import amount_of, confirmed
from souk.web.dashboard.orders import order_page
from souk.web.dashboard.pages import done

SILENT = "The payment provider does not answer; this goes on by itself as soon as it does."


@blueprint.post("/shops/<slug>/orders/<int:order_id>/capture")
@in_shop(Permission.ORDERS)
def capture(access: ShopAccess, order_id: int) -> Answer:
    form = request.form
    try:
        with transaction(access.scope, read_only=True) as session:
            amount = amount_of(session, order_id, form.get("amount", ""))
        # The key came with the page, so that a form sent twice moves the money once.
        key, actor = f"dashboard-{form.get('key', '')[:100]}", current_user.record.actor
        status = capture_order(access.scope, order_id, amount, actor=actor, idempotency_key=key, final="final" in form)
    except SoukError as error:
        return order_page(access, order_id, error), error.status
    return done("The money is captured." if status == "succeeded" else SILENT, "order", access, order_id=order_id)


@blueprint.post("/shops/<slug>/orders/<int:order_id>/void")
@in_shop(Permission.ORDERS)
def void(access: ShopAccess, order_id: int) -> Answer:
    try:
        confirmed()
        status = void_order(access.scope, order_id, current_user.record.actor)
    except SoukError as error:
        return order_page(access, order_id, error), error.status
    return done("The money is let go." if status == "succeeded" else SILENT, "order", access, order_id=order_id)
