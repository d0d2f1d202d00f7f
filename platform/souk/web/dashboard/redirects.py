"""Old addresses and where they lead now."""

from __future__ import annotations

from flask import request

from souk.content.queries import list_redirects
from souk.content.redirects import delete_redirect, save_redirect
from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.pages import PER_PAGE, done, page, page_number


@blueprint.get("/shops/<slug>/redirects")
@in_shop()
def redirects(access: ShopAccess) -> Answer:
    return _redirects_page(access)


def _redirects_page(access: ShopAccess, error: SoukError | None = None) -> str:
    number = page_number(request.args.get("page"))
    with transaction(access.scope, read_only=True) as session:
        rows = list_redirects(session, PER_PAGE + 1, (number - 1) * PER_PAGE)
    return page("redirects.html", rows=rows[:PER_PAGE], more=len(rows) > PER_PAGE, number=number, error=error)


@blueprint.post("/shops/<slug>/redirects")
@in_shop(Permission.CATALOG)
def add_redirect(access: ShopAccess) -> Answer:
    path, target = (request.form.get(name, "").replace("\0", "").strip()[:500] for name in ("path", "target"))
    try:
        with transaction(access.scope) as session:
            save_redirect(session, path, target)
    except SoukError as error:
        return _redirects_page(access, error), error.status
    return done("The old address leads on.", "redirects", access)


@blueprint.post("/shops/<slug>/redirects/<int:redirect_id>/delete")
@in_shop(Permission.CATALOG)
def remove_redirect(access: ShopAccess, redirect_id: int) -> Answer:
    with transaction(access.scope) as session:
        delete_redirect(session, redirect_id)
    return done("The redirect is gone.", "redirects", access)
