"""Do the books balance: the last check, a new one, and repairs."""

from __future__ import annotations

from flask import request
from flask_login import current_user

from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.orders.books.check import check_books, last_result
from souk.orders.books.repair import repair_drift
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.pages import done, page
from souk.web.dashboard.stock import whole_number


@blueprint.get("/shops/<slug>/books")
@in_shop(Permission.ORDERS)
def books(access: ShopAccess) -> Answer:
    return _page(access)


def _page(access: ShopAccess, error: SoukError | None = None) -> str:
    with transaction(access.scope, read_only=True) as session:
        result = last_result(session)
    return page("books.html", result=result, error=error)


@blueprint.post("/shops/<slug>/books/check")
@in_shop(Permission.ORDERS)
def check_shop_books(access: ShopAccess) -> Answer:
    result = check_books(access.scope)
    told = "The books balance." if not result.total else f"{result.total} drifts were found."
    return done(told, "books", access)


@blueprint.post("/shops/<slug>/books/repair")
@in_shop(Permission.ORDERS)
def repair_books(access: ShopAccess) -> Answer:
    form = request.form
    try:
        subject = whole_number(form.get("subject", ""))
        repair_drift(access.scope, form.get("repair", ""), subject, current_user.record.actor)
        check_books(access.scope)
    except SoukError as error:
        return _page(access, error), error.status
    return done("The repair is done; the books were checked again.", "books", access)
