"""Abandoned checkouts: list and read."""

from __future__ import annotations

from typing import Any

from flask import g

from souk.checkout.abandoned.link import sign
from souk.checkout.abandoned.queries import abandoned_after, read_abandoned, status_of
from souk.checkout.models import Checkout
from souk.kernel import ids
from souk.kernel.config import config
from souk.kernel.money import Money
from souk.web.api.cursors import after, cursor_of
from souk.web.api.definition import admin_api
from souk.web.api.operations import Call
from souk.web.api.schemas.admin_abandoned import AbandonedCheckout, AbandonedCheckoutPage, AbandonedParameters
from souk.web.api.schemas.common import Nothing

_SAME = ("email", "accepts_marketing", "currency", "reminded_at", "returned_at", "created_at", "updated_at")


@admin_api.operation(
    "GET",
    "/abandoned_checkouts",
    summary="List checkouts that were left, newest first",
    tag="orders",
    takes=AbandonedParameters,
    answers=AbandonedCheckoutPage,
    access="admin",
    permission="read_orders",
)
def list_abandoned_checkouts(call: Call, query: AbandonedParameters) -> AbandonedCheckoutPage:
    where = after(Checkout.id.expression, query.after)
    rows = abandoned_after(call.session, where, query.status or "", query.limit + 1)
    shown = [_view(call, row) for row in rows[: query.limit]]
    return AbandonedCheckoutPage(abandoned_checkouts=shown, next_cursor=cursor_of(rows, query.limit))


@admin_api.operation(
    "GET",
    "/abandoned_checkouts/{checkout_id}",
    summary="Read a checkout that was left",
    tag="orders",
    takes=Nothing,
    answers=AbandonedCheckout,
    access="admin",
    permission="read_orders",
)
def read_abandoned_checkout(call: Call, _query: Nothing) -> AbandonedCheckout:
    return _view(call, read_abandoned(call.session, ids.decode(ids.CHECKOUT, call.path["checkout_id"])))


def _view(call: Call, row: Any) -> AbandonedCheckout:
    return AbandonedCheckout(
        **{name: getattr(row, name) for name in _SAME},
        id=ids.encode(ids.CHECKOUT, row.id),
        status=status_of(row),  # type: ignore[arg-type]
        name=str(row.shipping_address.get("name", "")),
        customer_id=None if row.customer_id is None else ids.encode(ids.USER, row.customer_id),
        value=Money(row.value, row.currency).major,
        order_id=None if row.order_id is None else ids.encode(ids.ORDER, row.order_id),
        recovery_url=f"{config().origin(g.shop.primary_host)}/cart/recover/{sign(call.scope.tenant_id, row.id)}",
    )
