"""Menus of the storefront: rows with a title, an address and a depth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request
from sqlalchemy import literal, select, union_all
from sqlalchemy.orm import Session

from souk.catalog.handles import slugify
from souk.catalog.models import Collection
from souk.content.errors import ContentInvalid
from souk.content.menus import MAX_DEPTH, addresses_of, delete_menu, save_menu, target_of
from souk.content.models import Page
from souk.content.queries import list_menus, read_menu
from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.pages import done, page

MAX_ROWS = 100
BLANK_ROWS = 2
MAX_CHOICES = 300


@dataclass(slots=True)
class MenuRow:
    """One link as typed; `depth` is 1 for the top level."""

    title: str = ""
    address: str = ""
    depth: int = 1


@blueprint.get("/shops/<slug>/menus")
@in_shop()
def menus(access: ShopAccess) -> Answer:
    with transaction(access.scope, read_only=True) as session:
        rows = list_menus(session)
    return page("menus.html", rows=rows)


@blueprint.route("/shops/<slug>/menus/new", methods=["GET", "POST"])
@in_shop(Permission.CATALOG)
def new_menu(access: ShopAccess) -> Answer:
    return _save(access, None) if request.method == "POST" else _menu_page(access, None, {}, [])


@blueprint.route("/shops/<slug>/menus/<int:menu_id>", methods=["GET", "POST"])
@in_shop(Permission.CATALOG)
def menu(access: ShopAccess, menu_id: int) -> Answer:
    if request.method == "POST":
        return _save(access, menu_id)
    with transaction(access.scope, read_only=True) as session:
        found = read_menu(session, menu_id)
        links = addresses_of(session, found.items)
    rows = [MenuRow(str(item["title"]), address, depth) for item, depth, address in links]
    return _menu_page(access, menu_id, {"title": found.title, "handle": found.handle}, rows)


@blueprint.post("/shops/<slug>/menus/<int:menu_id>/delete")
@in_shop(Permission.CATALOG)
def remove_menu(access: ShopAccess, menu_id: int) -> Answer:
    with transaction(access.scope) as session:
        delete_menu(session, menu_id)
    return done("The menu is gone.", "menus", access)


def _menu_page(
    access: ShopAccess,
    menu_id: int | None,
    form: Mapping[str, str],
    rows: list[MenuRow],
    error: SoukError | None = None,
) -> str:
    with transaction(access.scope, read_only=True) as session:
        choices = _choices(session)
    shown = [*rows, *(MenuRow() for _ in range(BLANK_ROWS))]
    return page("menu.html", menu_id=menu_id, form=form, rows=shown, choices=choices, depths=MAX_DEPTH, error=error)


def _choices(session: Session) -> list[tuple[str, str]]:
    """Return (address, title) of what a link can lead to."""
    arms = [
        select(literal("/collections/") + Collection.handle, Collection.title),
        select(literal("/pages/") + Page.handle, Page.title),
    ]
    found = [(row[0], row[1]) for row in session.execute(union_all(*arms).limit(MAX_CHOICES))]
    return [("/", "Home"), ("/collections", "All collections"), ("/search", "Search"), *found]


def _save(access: ShopAccess, menu_id: int | None) -> Answer:
    title = request.form.get("title", "").replace("\0", "").strip()[:100]
    rows = _typed_rows()
    form = {"title": title, "handle": request.form.get("handle", "").strip()[:100]}
    try:
        with transaction(access.scope) as session:
            handle = read_menu(session, menu_id).handle if menu_id else slugify(form["handle"] or title, "menu")
            _check(session, menu_id, title, handle)
            save_menu(session, handle, title, _tree(session, rows))
    except SoukError as error:
        return _menu_page(access, menu_id, form, rows, error), error.status
    return done("The menu is saved.", "menus", access)


def _check(session: Session, menu_id: int | None, title: str, handle: str) -> None:
    if not title:
        raise ContentInvalid("title", "give the menu a title.")
    if menu_id is None and any(known.handle == handle for known in list_menus(session)):
        raise ContentInvalid("handle", f"there is a menu {handle!r} already; choose another name.")


def _typed_rows() -> list[MenuRow]:
    """Read the rows i-0-title, i-0-address, i-0-depth, i-0-order and so on, in the order that was chosen."""
    found: list[tuple[float, int, MenuRow]] = []
    for index in range(MAX_ROWS):
        title = request.form.get(f"i-{index}-title", "").replace("\0", "").strip()[:100]
        address = request.form.get(f"i-{index}-address", "").replace("\0", "").strip()[:500]
        if not title and not address:
            continue
        depth, order = request.form.get(f"i-{index}-depth", "1"), request.form.get(f"i-{index}-order", "")
        place = float(order) if order.isascii() and order.isdecimal() and len(order) < 6 else index + 1  # noqa: PLR2004
        found.append((place, index, MenuRow(title, address, int(depth) if depth in {"1", "2", "3"} else 1)))
    return [row for *_, row in sorted(found, key=lambda entry: entry[:2])]


def _tree(session: Session, rows: list[MenuRow]) -> list[dict[str, Any]]:
    """Hang each row below the nearest one above it that is less deep."""
    root: dict[str, Any] = {"items": []}
    path = [root]
    for row in rows:
        item: dict[str, Any] = {"title": row.title, **target_of(session, row.address), "items": []}
        path = path[: min(row.depth, len(path))]
        path[-1]["items"].append(item)
        path.append(item)
    items: list[dict[str, Any]] = root["items"]
    return items
