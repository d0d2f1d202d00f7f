"""Edit an order that stands: change quantities, add goods, see the difference, confirm it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import redirect, request, url_for
from flask_login import current_user
from sqlalchemy.orm import Session

from souk.kernel.answers import answered
from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.kernel.money import Money
from souk.orders.editing.begin import begin_edit, drop_edit, open_edit, preview_edit, write_edit
from souk.orders.editing.confirm import confirm_edit
from souk.orders.editing.errors import UnknownEdit
from souk.orders.editing.plan import EditPlan
from souk.orders.goods import Goods, find_goods
from souk.orders.markets import order_market
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.order_reads import order_head
from souk.web.dashboard.pages import asked, done, page
from souk.web.dashboard.stock import whole_number


@blueprint.post("/shops/<slug>/orders/<int:order_id>/edit/begin")
@in_shop(Permission.ORDERS)
def begin_order_edit(access: ShopAccess, order_id: int) -> Answer:
    with transaction(access.scope) as session:
        begin_edit(session, order_id, current_user.record.actor)
    return redirect(url_for("dashboard.order_edit", slug=access.slug, order_id=order_id), 303)


@blueprint.get("/shops/<slug>/orders/<int:order_id>/edit")
@in_shop(Permission.ORDERS)
def order_edit(access: ShopAccess, order_id: int) -> Answer:
    with transaction(access.scope, read_only=True) as session:
        open_now = open_edit(session, order_id) is not None
        order_head(session, order_id)
    if not open_now:
        return done("This order has no open edit.", "order", access, order_id=order_id)
    return _page(access, order_id)


def _page(access: ShopAccess, order_id: int, error: SoukError | None = None) -> str:
    words = asked("q")

    def read() -> tuple[Any, Any, EditPlan, Sequence[Goods]]:
        with transaction(access.scope, read_only=True) as session:
            order, edit = order_head(session, order_id), open_edit(session, order_id)
            found = find_goods(session, words, order_market(session, order))
            return order, edit, preview_edit(session, order_id), found

    order, edit, plan, found = answered(access.scope, read)
    return page(
        "order_edit.html", order=order, edit=edit, plan=plan, found=found, words=words, error=error,
        added=[line for line in plan.lines if line.id is None], kept=[line for line in plan.lines if line.id],
    )  # fmt: skip


@blueprint.post("/shops/<slug>/orders/<int:order_id>/edit")
@in_shop(Permission.ORDERS)
def change_order_edit(access: ShopAccess, order_id: int) -> Answer:
    def change() -> None:
        with transaction(access.scope) as session:
            order_head(session, order_id)
            _write(session, order_id)

    try:
        answered(access.scope, change)
    except UnknownEdit:
        return done("This order has no open edit.", "order", access, order_id=order_id)
    except SoukError as error:
        return _page(access, order_id, error), error.status
    words = request.form.get("q", "")[:100]
    return redirect(url_for("dashboard.order_edit", slug=access.slug, order_id=order_id, q=words or None), 303)


def _write(session: Session, order_id: int) -> EditPlan:
    form, plan = request.form, preview_edit(session, order_id)
    kept = [(line.id, line.after) for line in plan.lines if line.id is not None]
    lines = {line_id: whole_number(form.get(f"line-{line_id}", str(after))) for line_id, after in kept}
    rows = [_added(index, plan.currency) for index in range(len(plan.lines) - len(kept))]
    added = [row for row in rows if row["quantity"]]
    if form.get("add", "").isdecimal():
        added.append({"variant_id": int(form["add"]), "quantity": 1, "unit_price": None})
    return write_edit(session, order_id, lines, added, form.get("note", "").replace("\0", ""))


def _added(index: int, currency: str) -> dict[str, Any]:
    form = request.form
    price = form.get(f"price-{index}", "").strip().replace(",", ".")
    return {
        "variant_id": whole_number(form.get(f"variant-{index}", "0")),
        "quantity": whole_number(form.get(f"added-{index}", "0")),
        "unit_price": max(Money.from_major(price, currency).amount, 0) if price else None,
    }


@blueprint.post("/shops/<slug>/orders/<int:order_id>/edit/confirm")
@in_shop(Permission.ORDERS)
def confirm_order_edit(access: ShopAccess, order_id: int) -> Answer:
    try:
        version = whole_number(request.form.get("version", "0"))
        outcome = confirm_edit(access.scope, order_id, version, current_user.record.actor)
    except UnknownEdit:
        return done("This order has no open edit.", "order", access, order_id=order_id)
    except SoukError as error:
        return _page(access, order_id, error), error.status
    told = "The order is changed."
    if outcome.to_collect:
        told += " The customer gets a mail with a link to pay the difference."
    elif outcome.returned:
        told += " The difference goes back to the customer."
    return done(told, "order", access, order_id=order_id)


@blueprint.post("/shops/<slug>/orders/<int:order_id>/edit/drop")
@in_shop(Permission.ORDERS)
def drop_order_edit(access: ShopAccess, order_id: int) -> Answer:
    with transaction(access.scope) as session:
        drop_edit(session, order_id)
    return done("The edit is dropped; the order is as it was.", "order", access, order_id=order_id)
