"""Returns, exchanges and claims: the list of those that wait, and every step on the order's page."""

from __future__ import annotations

from flask import request
from flask_login import current_user
from sqlalchemy import select

from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.kernel.money import Money
from souk.orders.models import Order, OrderLine
from souk.orders.returning.queries import list_returns, read_return
from souk.orders.returning.request import (
    REASONS,
    ReturnLine,
    approve_return,
    cancel_return,
    decline_return,
    receive_return,
    request_return,
)
from souk.orders.returning.settle import Inspected, settle_return
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.orders import order_page
from souk.web.dashboard.pages import PER_PAGE, asked, done, page, page_number
from souk.web.dashboard.stock import whole_number

STATUSES = ("requested", "approved", "received", "closed", "declined", "canceled")
_TOLD = {
    "approve": "The return is approved; the customer gets a mail.",
    "decline": "The return is declined; the customer gets a mail.",
    "receive": "The goods are here; inspect them next.",
    "cancel": "The return is called off.",
}


@blueprint.get("/shops/<slug>/returns")
@in_shop()
def returns(access: ShopAccess) -> Answer:
    status, number = asked("status", STATUSES), page_number(request.args.get("page"))
    with transaction(access.scope, read_only=True) as session:
        rows, total = list_returns(session, status=status, page=number, limit=PER_PAGE)
    return page(
        "returns.html", rows=rows, total=total, number=number, per_page=PER_PAGE, status=status, statuses=STATUSES
    )


@blueprint.post("/shops/<slug>/orders/<int:order_id>/returns")
@in_shop(Permission.ORDERS)
def start_return(access: ShopAccess, order_id: int) -> Answer:
    form = request.form
    try:
        with transaction(access.scope) as session:
            ids = session.scalars(select(OrderLine.id).where(OrderLine.order_id == order_id).order_by(OrderLine.id))
            typed = [(line_id, whole_number(form.get(f"return-{line_id}") or "0")) for line_id in ids]
            reason = form.get("reason", REASONS[0])
            lines = [ReturnLine(line_id, quantity, reason) for line_id, quantity in typed if quantity]
            added = _new_goods()
            request_return(
                session, order_id, lines, form.get("kind", "return"), form.get("note", "").replace("\0", ""),
                current_user.record.actor, added,
            )  # fmt: skip
    except SoukError as error:
        return order_page(access, order_id, error), error.status
    return done("The return is noted; inspect the goods when they come.", "order", access, order_id=order_id)


def _new_goods() -> list[dict[str, int | None]]:
    form = request.form
    if not form.get("replacement"):
        return []
    # What replaces faulty goods is free; an exchange is at today's price.
    price = 0 if form.get("kind") == "claim" else None
    variant_id, units = whole_number(form["replacement"]), whole_number(form.get("units", "1"))
    return [{"variant_id": variant_id, "quantity": units, "unit_price": price}]


@blueprint.post("/shops/<slug>/returns/<int:return_id>/<any(approve, decline, receive, cancel):action>")
@in_shop(Permission.FULFILL)
def step_return(access: ShopAccess, return_id: int, action: str) -> Answer:
    actor, note = current_user.record.actor, request.form.get("note", "").replace("\0", "")
    with transaction(access.scope, read_only=True) as session:
        order_id = read_return(session, return_id).order_id
    try:
        with transaction(access.scope) as session:
            if action == "approve":
                approve_return(session, return_id, actor, note)
            elif action == "decline":
                decline_return(session, return_id, actor, note)
            elif action == "receive":
                receive_return(session, return_id, actor)
            else:
                cancel_return(session, return_id, actor)
    except SoukError as error:
        return order_page(access, order_id, error), error.status
    return done(_TOLD[action], "order", access, order_id=order_id)


@blueprint.post("/shops/<slug>/returns/<int:return_id>/settle")
@in_shop(Permission.ORDERS)
def settle_order_return(access: ShopAccess, return_id: int) -> Answer:
    form = request.form
    with transaction(access.scope, read_only=True) as session:
        change = read_return(session, return_id)
        currency = session.execute(select(Order.currency).where(Order.id == change.order_id)).scalar_one()
    try:
        lines = [line["line_id"] for line in change.content["lines"]]
        inspected = [
            Inspected(
                line_id,
                restock=whole_number(form.get(f"restock-{line_id}") or "0"),
                discard=whole_number(form.get(f"discard-{line_id}") or "0"),
            )
            for line_id in dict.fromkeys(lines)
        ]
        typed = form.get("amount", "").strip().replace(",", ".")
        amount = Money.from_major(typed, currency).amount if typed else None
        outcome = settle_return(
            access.scope, return_id, inspected, current_user.record.actor, amount,
            location_id=whole_number(form["location"]) if form.get("location") else None,
            rest_follows="rest" in form,
        )  # fmt: skip
    except SoukError as error:
        return order_page(access, change.order_id, error), error.status
    told = "The return is closed."
    if outcome.to_collect:
        told += " The customer gets a link to pay the difference."
    elif outcome.refunded:
        told += " The money is on its way back."
    return done(told, "order", access, order_id=change.order_id)
