"""Themes: list, publish, and bring back what was published before."""

from __future__ import annotations

from sqlalchemy import select

from souk.kernel import ids
from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.media.configured import media_storage
from souk.web.api.admin.theme_rows import named_theme, theme_view
from souk.web.api.cursors import after, cursor_of
from souk.web.api.definition import admin_api
from souk.web.api.operations import Call
from souk.web.api.schemas.admin_themes import (
    PublicationPage,
    PublicationParameters,
    PublicationView,
    Themes,
    ThemeView,
)
from souk.web.api.schemas.common import Nothing
from themes.models import ThemePublication
from themes.publishing import publish_theme, roll_back
from themes.release import check_work
from themes.work import read_theme, read_themes

_COLUMNS = (
    ThemePublication.id, ThemePublication.theme_id, ThemePublication.name, ThemePublication.kind,
    ThemePublication.actor, ThemePublication.created_at,
)  # fmt: skip


@admin_api.operation(
    "GET",
    "/themes",
    summary="List themes, the live one first",
    tag="themes",
    takes=Nothing,
    answers=Themes,
    access="admin",
    permission="read_themes",
)
def list_shop_themes(call: Call, _query: Nothing) -> Themes:
    return Themes(themes=[theme_view(each) for each in read_themes(call.session)])


@admin_api.operation(
    "POST",
    "/themes/{theme_id}/publish",
    summary="Show a theme to shoppers, with all that was worked on",
    tag="themes",
    takes=Nothing,
    answers=ThemeView,
    access="admin",
    permission="write_themes",
    edge=True,
    optional_body=True,
    problems={409: "`theme_changed`: it was changed while it was checked.", 422: "`theme_refused`, with `findings`."},
)
def publish_shop_theme(call: Call, _body: Nothing) -> ThemeView:
    theme = named_theme(call)
    # Outside any transaction: the theme's files may lie on another machine.
    check_work(media_storage(config()), theme.work)
    with transaction(call.scope) as session:
        publish_theme(session, theme.id, actor=call.actor, expected=theme.version)
        return theme_view(read_theme(session, theme.id))


@admin_api.operation(
    "GET",
    "/theme-publications",
    summary="List what shoppers saw, newest first",
    tag="themes",
    takes=PublicationParameters,
    answers=PublicationPage,
    access="admin",
    permission="read_themes",
)
def list_theme_publications(call: Call, query: PublicationParameters) -> PublicationPage:
    wanted = select(*_COLUMNS).where(*after(ThemePublication.id.expression, query.after))
    rows = call.session.execute(wanted.order_by(ThemePublication.id.desc()).limit(query.limit + 1)).all()
    found = [
        PublicationView(
            id=ids.encode(ids.PUBLICATION, row.id),
            theme_id=ids.encode(ids.THEME, row.theme_id) if row.theme_id else None,
            name=row.name,
            kind=row.kind,
            actor=row.actor,
            created_at=row.created_at,
        )
        for row in rows[: query.limit]
    ]
    return PublicationPage(publications=found, next_cursor=cursor_of(rows, query.limit))


@admin_api.operation(
    "POST",
    "/theme-publications/{publication_id}/restore",
    summary="Show shoppers again what they saw after a publication",
    tag="themes",
    takes=Nothing,
    answers=Themes,
    access="admin",
    permission="write_themes",
    optional_body=True,
)
def restore_theme_publication(call: Call, _body: Nothing) -> Themes:
    roll_back(call.session, ids.decode(ids.PUBLICATION, call.path["publication_id"]), actor=call.actor)
    return Themes(themes=[theme_view(each) for each in read_themes(call.session)])
