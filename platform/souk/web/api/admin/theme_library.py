"""Whole themes: brought in, exchanged, fetched, deleted. What shoppers see changes only when a theme is published."""

from __future__ import annotations

import json

from flask import Response

from souk.kernel import ids
from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.kernel.errors import Invalid
from souk.media.configured import media_storage
from souk.web.api.admin.media import decoded
from souk.web.api.admin.theme_rows import named_theme, remarks, theme_view
from souk.web.api.definition import admin_api
from souk.web.api.operations import Call
from souk.web.api.schemas.admin_themes import MOST_ARCHIVE_TEXT, NewTheme, ThemeArchive, ThemeView, ThemeWritten
from souk.web.api.schemas.common import Nothing
from themes.add_builtin import add_builtin
from themes.apart import check_apart
from themes.archive import pack, unpack
from themes.installations import OWN, add_work
from themes.library import MAX_NAME, delete_theme, duplicate_theme, rename_theme, theme_name
from themes.overwrite import exchanged
from themes.release import files_of
from themes.stored import keep_files
from themes.validation.finding import Finding
from themes.work import Work, read_theme, save_work

_MOST = MOST_ARCHIVE_TEXT + 4_096
_REFUSED = "`theme_refused`, with `findings`; `theme_archive` for a ZIP that cannot be used."


class OneThemeSource(Invalid):
    code = "one_theme_source"

    def __init__(self) -> None:
        super().__init__("Give exactly one of archive, base_handle and copy_of.", field="archive")


@admin_api.operation(
    "POST",
    "/themes",
    summary="Add a theme that is not live: from a ZIP, a built-in one or a copy",
    tag="themes",
    takes=NewTheme,
    answers=ThemeWritten,
    status=201,
    access="admin",
    permission="write_themes",
    edge=True,
    most_bytes=_MOST,
    file_fields=frozenset(["archive"]),
    problems={404: "There is no such theme to start from.", 409: "`too_many_themes`.", 422: _REFUSED},
)
def add_shop_theme(call: Call, body: NewTheme) -> ThemeWritten:
    if sum(part is not None for part in (body.archive, body.base_handle, body.copy_of)) != 1:
        raise OneThemeSource
    if body.archive is not None:
        work, name, findings = _unpacked(body.archive)
        with transaction(call.scope) as session:
            made = add_work(session, theme_name(body.name or name), work, actor=call.actor)
            return ThemeWritten(theme=theme_view(read_theme(session, made)), findings=remarks(findings))
    with transaction(call.scope) as session:
        if body.copy_of is not None:
            source = ids.decode(ids.THEME, body.copy_of)
            made = duplicate_theme(session, source, actor=call.actor, name=body.name)
        else:
            made = add_builtin(session, body.base_handle or "", actor=call.actor)
            if body.name:
                rename_theme(session, made, body.name)
        return ThemeWritten(theme=theme_view(read_theme(session, made)), findings=[])


def _unpacked(archive: str) -> tuple[Work, str, list[Finding]]:
    """Return a checked theme whose files lie in the storage, its own name, and the remarks about it."""
    files = unpack(decoded(archive, "archive"))
    findings = check_apart(files)
    facts = json.loads(files["theme.json"])
    kept = keep_files(media_storage(config()), files)
    return Work(OWN, facts["version"], kept, kept), str(facts["name"])[:MAX_NAME], findings


@admin_api.operation(
    "GET",
    "/themes/{theme_id}",
    summary="Read one theme",
    tag="themes",
    takes=Nothing,
    answers=ThemeView,
    access="admin",
    permission="read_themes",
)
def read_shop_theme(call: Call, _query: Nothing) -> ThemeView:
    return theme_view(read_theme(call.session, ids.decode(ids.THEME, call.path["theme_id"])))


@admin_api.operation(
    "DELETE",
    "/themes/{theme_id}",
    summary="Delete a theme that is not live",
    tag="themes",
    takes=Nothing,
    answers=Nothing,
    access="admin",
    permission="write_themes",
    problems={409: "`live_theme_stays`."},
)
def remove_shop_theme(call: Call, _query: Nothing) -> Nothing:
    delete_theme(call.session, ids.decode(ids.THEME, call.path["theme_id"]))
    return Nothing()


@admin_api.operation(
    "GET",
    "/themes/{theme_id}/archive",
    summary="Fetch a theme as a ZIP, as it is worked on, with the merchant's changes written into it",
    tag="themes",
    takes=Nothing,
    answers=Nothing,
    access="admin",
    permission="read_themes",
    edge=True,
    media_types=("application/zip",),
)
def fetch_theme_archive(call: Call, _query: Nothing) -> Response:
    theme = named_theme(call)
    answer = Response(pack(files_of(media_storage(config()), theme.work)), content_type="application/zip")
    answer.headers.set("Content-Disposition", "attachment", filename=f"theme_{theme.id}.zip")
    return answer


@admin_api.operation(
    "PUT",
    "/themes/{theme_id}/archive",
    summary="Exchange all files of a theme; the merchant's settings stay over them",
    tag="themes",
    takes=ThemeArchive,
    answers=ThemeWritten,
    access="admin",
    permission="write_themes",
    edge=True,
    most_bytes=_MOST,
    file_fields=frozenset(["archive"]),
    problems={
        409: "`theme_changed`: somebody else changed it since that version. `theme_edited_in_shop`, with `files`.",
        422: _REFUSED,
    },
)
def exchange_theme_archive(call: Call, body: ThemeArchive) -> ThemeWritten:
    theme = named_theme(call)
    new, _name, findings = _unpacked(body.archive)
    work = exchanged(theme.work, new.base_version, new.files, seen=body.force or body.version is not None)
    with transaction(call.scope) as session:
        save_work(session, theme.id, work, expected=body.version or theme.version, actor=call.actor)
        return ThemeWritten(theme=theme_view(read_theme(session, theme.id)), findings=remarks(findings))
