"""The category tree of the shop."""

from __future__ import annotations

from collections.abc import Sequence

from flask import request

from souk.catalog.category_tree import CategoryNode, delete_category, read_tree, save_category
from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.pages import done, page


@blueprint.get("/shops/<slug>/categories")
@in_shop()
def categories(access: ShopAccess) -> Answer:
    """Show the tree, with the form of `?open=` only: each form lists all categories, and there may be hundreds."""
    return _tree_page(access, opened=_number(request.args.get("open", "")) or 0)


def _tree_page(access: ShopAccess, error: SoukError | None = None, opened: int = 0) -> str:
    with transaction(access.scope, read_only=True) as session:
        nodes = read_tree(session)
    names = {node.id: node.name for node in nodes}
    branch = _branch(nodes, opened)
    return page("categories.html", nodes=nodes, names=names, opened=opened, branch=branch, error=error)


def _branch(nodes: Sequence[CategoryNode], category_id: int) -> set[int]:
    """Return the node and all below it: it cannot hang below these."""
    found = {category_id}
    for node in nodes:
        if node.parent_id in found:
            found.add(node.id)
    return found


@blueprint.post("/shops/<slug>/categories")
@in_shop(Permission.CATALOG)
def add_category(access: ShopAccess) -> Answer:
    return _save(access, None, "The category is added.")


@blueprint.post("/shops/<slug>/categories/<int:category_id>")
@in_shop(Permission.CATALOG)
def change_category(access: ShopAccess, category_id: int) -> Answer:
    if request.form.get("action") != "delete":
        return _save(access, category_id, "The category is saved.")
    with transaction(access.scope) as session:
        delete_category(session, category_id)
    return done("The category is gone; what was in it moved up.", "categories", access)


def _save(access: ShopAccess, category_id: int | None, said: str) -> Answer:
    form = request.form
    parent, place = _number(form.get("parent_id", "")), _number(form.get("place", ""))
    try:
        with transaction(access.scope) as session:
            save_category(session, form.get("name", ""), parent, category_id, place)
    except SoukError as error:
        return _tree_page(access, error, category_id or 0), error.status
    return done(said, "categories", access)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None  # noqa: PLR2004 - a bigint
