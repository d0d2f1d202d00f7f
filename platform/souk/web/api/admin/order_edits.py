"""What an app changes about an order that stands: its lines, a hold, tags, notes and risks."""

from __future__ import annotations

from typing import Any

from souk.kernel import ids
from souk.kernel.answers import answered
from souk.kernel.db import transaction
from souk.kernel.money import Money
from souk.orders.annotate import note_on_order, note_risk, tag_order
from souk.orders.editing.begin import begin_edit, drop_edit, write_edit
from souk.orders.editing.confirm import confirm_edit
from souk.orders.editing.errors import StaleEdit, TaxUnanswered
from souk.orders.editing.plan import EditPlan
from souk.orders.hold import hold_order, release_hold
from souk.web.api.admin.orders import one_order
from souk.web.api.definition import admin_api
from souk.web.api.operations import Call
from souk.web.api.schemas.admin_orders import AdminOrder
from souk.web.api.schemas.order_changes import AddedGoods, EditOrder, EditView, HoldOrder, MarkOrder


@admin_api.operation(
    "POST",
    "/orders/{order_id}/edits",
    summary="Change the lines of an order; only the difference is collected or returned",
    tag="orders",
    takes=EditOrder,
    answers=EditView,
    access="admin",
    permission="write_orders",
    edge=True,
    problems={
        409: "`stale_edit`: the order has another version by now; `cannot_edit`; `out_of_stock`.",
        422: "`invalid_edit_line`, `unknown_goods`, `nothing_edited`.",
        503: "`tax_unknown`: the tax provider does not answer, and the shop takes no order then.",
    },
)
def edit_order(call: Call, body: EditOrder) -> EditView:
    order_id = ids.decode(ids.ORDER, call.path["order_id"])
    plan = answered(call.scope, lambda: _begin(call, body, order_id))
    if body.dry_run:
        return _view(plan, confirmed=False)
    try:
        confirm_edit(call.scope, order_id, plan.version, call.actor)
    except Exception:
        with transaction(call.scope) as session:
            drop_edit(session, order_id)
        raise
    return _view(plan, confirmed=True)


def _begin(call: Call, body: EditOrder, order_id: int) -> EditPlan:
    with transaction(call.scope) as session:
        begin_edit(session, order_id, call.actor)
        currency = one_order(session, order_id).currency
        lines = {ids.decode(ids.LINE, one.line_item_id): one.quantity for one in body.line_items}
        plan = write_edit(session, order_id, lines, goods_from(body.add, currency), body.note)
        if body.version is not None and body.version != plan.version:
            raise StaleEdit(body.version, plan.version)
        if plan.tax_unknown:
            raise TaxUnanswered
        if body.dry_run:
            drop_edit(session, order_id)
    return plan


def goods_from(added: list[AddedGoods], currency: str) -> list[dict[str, Any]]:
    """Return goods as verbs take them, prices in minor units."""
    return [
        {
            "variant_id": ids.decode(ids.VARIANT, one.variant_id),
            "quantity": one.quantity,
            "unit_price": None if one.price is None else Money.from_major(one.price, currency).amount,
        }
        for one in added
    ]


def _view(plan: EditPlan, *, confirmed: bool) -> EditView:
    def major(amount: int) -> Any:
        return Money(amount, plan.currency).major

    return EditView(
        confirmed=confirmed,
        version=plan.version,
        total_before=major(plan.total_before),
        total=major(plan.totals["total"]),
        difference=major(plan.difference),
        to_collect=major(max(plan.outstanding, 0)),
        to_return=major(max(-plan.outstanding, 0)),
        currency=plan.currency,
    )


@admin_api.operation(
    "POST",
    "/orders/{order_id}/hold",
    summary="Keep an order from being sent, or release it",
    tag="orders",
    takes=HoldOrder,
    answers=AdminOrder,
    access="admin",
    permission="write_orders",
    problems={409: "`cannot_hold`: only an open order can be held."},
)
def hold_any_order(call: Call, body: HoldOrder) -> AdminOrder:
    order_id = ids.decode(ids.ORDER, call.path["order_id"])
    if body.reason is None:
        release_hold(call.session, order_id, call.actor)
    else:
        hold_order(call.session, order_id, body.reason, call.actor)
    return one_order(call.session, order_id)


@admin_api.operation(
    "POST",
    "/orders/{order_id}/marks",
    summary="Set tags, add a note or a risk note",
    tag="orders",
    takes=MarkOrder,
    answers=AdminOrder,
    access="admin",
    permission="write_orders",
)
def mark_any_order(call: Call, body: MarkOrder) -> AdminOrder:
    order_id = ids.decode(ids.ORDER, call.path["order_id"])
    one_order(call.session, order_id)
    if body.tags is not None:
        tag_order(call.session, order_id, body.tags, call.actor)
    if body.note:
        note_on_order(call.session, order_id, body.note, call.actor)
    if body.risk_level is not None:
        note_risk(call.session, order_id, call.actor, body.risk_level, body.risk)
    return one_order(call.session, order_id)
