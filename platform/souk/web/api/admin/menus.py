"""Menus: list, read, make, change, delete."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, select
from sqlalchemy.orm import Session

from souk.catalog.handles import slugify
from souk.content.errors import ContentInvalid, MenuMissing
from souk.content.menus import delete_menu, save_menu
from souk.content.models import Menu
from souk.kernel import ids
from souk.web.api.admin.menu_items import shown_menus, stored_items
from souk.web.api.cursors import after, cursor_of
from souk.web.api.definition import admin_api
from souk.web.api.operations import Call
from souk.web.api.schemas.admin_content import AdminMenu, AdminMenuPage, ContentParameters, MenuChanges, NewMenu
from souk.web.api.schemas.common import Nothing
from souk.web.api.schemas.paging import Deleted

_COLUMNS = (Menu.id, Menu.handle, Menu.title, Menu.items, Menu.updated_at)


@admin_api.operation(
    "GET",
    "/menus",
    summary="List menus with their links, newest first",
    tag="content",
    takes=ContentParameters,
    answers=AdminMenuPage,
    access="admin",
    permission="read_content",
)
def list_shop_menus(call: Call, query: ContentParameters) -> AdminMenuPage:
    where = after(Menu.id.expression, query.after)
    if query.handle:
        where.append(Menu.handle == query.handle)
    rows = _rows(call.session, where, query.limit + 1)
    return AdminMenuPage(menus=_views(call.session, rows[: query.limit]), next_cursor=cursor_of(rows, query.limit))


@admin_api.operation(
    "GET",
    "/menus/{menu_id}",
    summary="Read a menu",
    tag="content",
    takes=Nothing,
    answers=AdminMenu,
    access="admin",
    permission="read_content",
)
def read_shop_menu(call: Call, _query: Nothing) -> AdminMenu:
    return _views(call.session, [_row(call.session, Menu.id == _number(call))])[0]


@admin_api.operation(
    "POST",
    "/menus",
    summary="Make a menu",
    tag="content",
    takes=NewMenu,
    answers=AdminMenu,
    status=201,
    access="admin",
    permission="write_content",
)
def create_shop_menu(call: Call, body: NewMenu) -> AdminMenu:
    handle = slugify(body.handle or body.title, "menu")
    if _rows(call.session, [Menu.handle == handle], 1):
        raise ContentInvalid("handle", f"there is a menu {handle!r} already; choose another name.")
    save_menu(call.session, handle, body.title, stored_items(call.session, body.items))
    return _views(call.session, [_row(call.session, Menu.handle == handle)])[0]


@admin_api.operation(
    "PATCH",
    "/menus/{menu_id}",
    summary="Change a menu; what is left out stays as it is",
    tag="content",
    takes=MenuChanges,
    answers=AdminMenu,
    access="admin",
    permission="write_content",
)
def change_shop_menu(call: Call, body: MenuChanges) -> AdminMenu:
    row = _row(call.session, Menu.id == _number(call), lock=True)
    named = body.named()
    items = stored_items(call.session, body.items) if "items" in named else row.items
    save_menu(call.session, row.handle, named.get("title", row.title), items)
    return _views(call.session, [_row(call.session, Menu.id == row.id)])[0]


@admin_api.operation(
    "DELETE",
    "/menus/{menu_id}",
    summary="Delete a menu",
    tag="content",
    takes=Nothing,
    answers=Deleted,
    access="admin",
    permission="write_content",
)
def remove_shop_menu(call: Call, _query: Nothing) -> Deleted:
    delete_menu(call.session, _number(call))
    return Deleted(id=call.path["menu_id"])


def _number(call: Call) -> int:
    return ids.decode(ids.MENU, call.path["menu_id"])


def _rows(session: Session, where: Sequence[ColumnElement[bool]], limit: int) -> Sequence[Row[Any]]:
    return session.execute(select(*_COLUMNS).where(*where).order_by(Menu.id.desc()).limit(limit)).all()


def _row(session: Session, where: ColumnElement[bool], *, lock: bool = False) -> Row[Any]:
    query = select(*_COLUMNS).where(where)
    row = session.execute(query.with_for_update() if lock else query).first()
    if row is None:
        raise MenuMissing
    return row


def _views(session: Session, rows: Sequence[Row[Any]]) -> list[AdminMenu]:
    links = shown_menus(session, [row.items for row in rows])
    return [
        AdminMenu(
            id=ids.encode(ids.MENU, row.id), handle=row.handle, title=row.title, items=items, updated_at=row.updated_at
        )
        for row, items in zip(rows, links, strict=True)
    ]
