"""The merchant's pages and policies: list, read, make, change, delete."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, select
from sqlalchemy.orm import Session

from souk.content.errors import PageMissing
from souk.content.models import Page
from souk.content.pages import PageDraft, delete_page, save_page
from souk.kernel import ids
from souk.web.api.cursors import after, cursor_of
from souk.web.api.definition import admin_api
from souk.web.api.operations import Call
from souk.web.api.schemas.admin_content import AdminPage, AdminPages, ContentParameters, NewPage, PageChanges
from souk.web.api.schemas.common import Nothing
from souk.web.api.schemas.paging import Deleted

_TEXTS = ("handle", "kind", "title", "content_html", "seo_title", "seo_description", "template_suffix")
_SAME = (*_TEXTS, "published_at", "created_at", "updated_at")
_COLUMNS: tuple[Any, ...] = (Page.id, *(getattr(Page, name) for name in _SAME))


@admin_api.operation(
    "GET",
    "/pages",
    summary="List pages and policies, newest first",
    tag="content",
    takes=ContentParameters,
    answers=AdminPages,
    access="admin",
    permission="read_content",
)
def list_shop_pages(call: Call, query: ContentParameters) -> AdminPages:
    where = after(Page.id.expression, query.after)
    if query.handle:
        where.append(Page.handle == query.handle)
    rows = _rows(call.session, where, query.limit + 1)
    return AdminPages(pages=[_view(row) for row in rows[: query.limit]], next_cursor=cursor_of(rows, query.limit))


@admin_api.operation(
    "GET",
    "/pages/{page_id}",
    summary="Read a page",
    tag="content",
    takes=Nothing,
    answers=AdminPage,
    access="admin",
    permission="read_content",
)
def read_shop_page(call: Call, _query: Nothing) -> AdminPage:
    return _view(_row(call.session, _number(call)))


@admin_api.operation(
    "POST",
    "/pages",
    summary="Make a page or a policy",
    tag="content",
    takes=NewPage,
    answers=AdminPage,
    status=201,
    access="admin",
    permission="write_content",
    most_bytes=1_000_000,
)
def create_shop_page(call: Call, body: NewPage) -> AdminPage:
    return _view(_row(call.session, save_page(call.session, PageDraft(**body.model_dump()))))


@admin_api.operation(
    "PATCH",
    "/pages/{page_id}",
    summary="Change a page; an old address leads to a new one",
    tag="content",
    takes=PageChanges,
    answers=AdminPage,
    access="admin",
    permission="write_content",
    most_bytes=1_000_000,
)
def change_shop_page(call: Call, body: PageChanges) -> AdminPage:
    page_id = _number(call)
    row = _row(call.session, page_id, lock=True)
    present = {name: getattr(row, name) for name in _TEXTS} | {"published": row.published_at is not None}
    save_page(call.session, PageDraft(**(present | body.named())), page_id)
    return _view(_row(call.session, page_id))


@admin_api.operation(
    "DELETE",
    "/pages/{page_id}",
    summary="Delete a page",
    tag="content",
    takes=Nothing,
    answers=Deleted,
    access="admin",
    permission="write_content",
)
def remove_shop_page(call: Call, _query: Nothing) -> Deleted:
    delete_page(call.session, _number(call))
    return Deleted(id=call.path["page_id"])


def _number(call: Call) -> int:
    return ids.decode(ids.PAGE, call.path["page_id"])


def _rows(session: Session, where: Sequence[ColumnElement[bool]], limit: int) -> Sequence[Row[Any]]:
    return session.execute(select(*_COLUMNS).where(*where).order_by(Page.id.desc()).limit(limit)).all()


def _row(session: Session, page_id: int, *, lock: bool = False) -> Row[Any]:
    query = select(*_COLUMNS).where(Page.id == page_id)
    row = session.execute(query.with_for_update() if lock else query).first()
    if row is None:
        raise PageMissing
    return row


def _view(row: Row[Any]) -> AdminPage:
    return AdminPage(id=ids.encode(ids.PAGE, row.id), **{name: getattr(row, name) for name in _SAME})
