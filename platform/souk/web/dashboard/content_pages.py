"""Pages that the merchant writes, and policies that the checkout links."""

from __future__ import annotations

from typing import Any

from flask import request

from souk.content.pages import PageDraft, delete_page, save_page
from souk.content.queries import list_pages, read_page
from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.pages import done, page
from themes.alternates import alternates

_TEXTS = ("title", "content_html", "handle", "kind", "seo_title", "seo_description", "template_suffix")


@blueprint.get("/shops/<slug>/pages")
@in_shop()
def content_pages(access: ShopAccess) -> Answer:
    with transaction(access.scope, read_only=True) as session:
        rows = list_pages(session)
    return page("content_pages.html", rows=rows)


@blueprint.route("/shops/<slug>/pages/new", methods=["GET", "POST"])
@in_shop(Permission.CATALOG)
def new_content_page(access: ShopAccess) -> Answer:
    if request.method == "POST":
        return _save(access, None)
    return _form_page(access, None, {"kind": "page", "published": True})


@blueprint.route("/shops/<slug>/pages/<int:page_id>", methods=["GET", "POST"])
@in_shop(Permission.CATALOG)
def content_page(access: ShopAccess, page_id: int) -> Answer:
    if request.method == "POST":
        return _save(access, page_id)
    with transaction(access.scope, read_only=True) as session:
        found = read_page(session, page_id)
    form: dict[str, Any] = {name: getattr(found, name) for name in _TEXTS}
    form["published"] = found.published_at is not None
    return _form_page(access, page_id, form)


@blueprint.post("/shops/<slug>/pages/<int:page_id>/delete")
@in_shop(Permission.CATALOG)
def remove_content_page(access: ShopAccess, page_id: int) -> Answer:
    with transaction(access.scope) as session:
        delete_page(session, page_id)
    return done("The page is gone.", "content_pages", access)


def _save(access: ShopAccess, page_id: int | None) -> Answer:
    form: dict[str, Any] = {name: request.form.get(name, "").replace("\0", "").strip() for name in _TEXTS}
    form["published"] = "published" in request.form
    try:
        with transaction(access.scope) as session:
            saved = save_page(session, PageDraft(**form), page_id)
    except SoukError as error:
        return _form_page(access, page_id, form, error), error.status
    return done("The page is saved.", "content_page", access, page_id=saved)


def _form_page(access: ShopAccess, page_id: int | None, form: dict[str, Any], error: SoukError | None = None) -> str:
    with transaction(access.scope, read_only=True) as session:
        templates = alternates(session, "page")
    return page("content_page.html", page_id=page_id, form=form, templates=templates, error=error)
