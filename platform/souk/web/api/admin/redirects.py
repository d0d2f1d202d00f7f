"""Old addresses and where they lead: list, write, delete."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, select

from souk.content.models import Redirect
from souk.content.redirects import delete_redirect, save_redirect
from souk.kernel import ids
from souk.web.api.cursors import after, cursor_of
from souk.web.api.definition import admin_api
from souk.web.api.operations import Call
from souk.web.api.schemas.admin_content import AdminRedirect, AdminRedirectPage, NewRedirect, RedirectParameters
from souk.web.api.schemas.common import Nothing
from souk.web.api.schemas.paging import Deleted

_COLUMNS: tuple[Any, ...] = (Redirect.id, Redirect.path, Redirect.target, Redirect.created_at)


@admin_api.operation(
    "GET",
    "/redirects",
    summary="List redirects, newest first",
    tag="content",
    takes=RedirectParameters,
    answers=AdminRedirectPage,
    access="admin",
    permission="read_content",
)
def list_shop_redirects(call: Call, query: RedirectParameters) -> AdminRedirectPage:
    where = after(Redirect.id.expression, query.after)
    if query.path:
        where.append(Redirect.path == query.path)
    wanted = select(*_COLUMNS).where(*where).order_by(Redirect.id.desc()).limit(query.limit + 1)
    rows = call.session.execute(wanted).all()
    shown = [_view(row) for row in rows[: query.limit]]
    return AdminRedirectPage(redirects=shown, next_cursor=cursor_of(rows, query.limit))


@admin_api.operation(
    "POST",
    "/redirects",
    summary="Let an old address lead on; one that does already gets the new target",
    tag="content",
    takes=NewRedirect,
    answers=AdminRedirect,
    status=201,
    access="admin",
    permission="write_content",
)
def write_redirect(call: Call, body: NewRedirect) -> AdminRedirect:
    redirect_id = save_redirect(call.session, body.path, body.target)
    return _view(call.session.execute(select(*_COLUMNS).where(Redirect.id == redirect_id)).one())


@admin_api.operation(
    "DELETE",
    "/redirects/{redirect_id}",
    summary="Delete a redirect",
    tag="content",
    takes=Nothing,
    answers=Deleted,
    access="admin",
    permission="write_content",
)
def remove_redirect(call: Call, _query: Nothing) -> Deleted:
    delete_redirect(call.session, ids.decode(ids.REDIRECT, call.path["redirect_id"]))
    return Deleted(id=call.path["redirect_id"])


def _view(row: Row[Any]) -> AdminRedirect:
    return AdminRedirect(
        id=ids.encode(ids.REDIRECT, row.id), path=row.path, target=row.target, created_at=row.created_at
    )
