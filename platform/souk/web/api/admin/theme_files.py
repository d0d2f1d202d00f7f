"""The files of a theme, one by one. Those of the live theme change its draft, which shoppers do not see."""

from __future__ import annotations

import base64

from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.kernel.errors import Invalid
from souk.media.configured import media_storage
from souk.web.api.admin.media import decoded
from souk.web.api.admin.theme_rows import named_theme, remarks, theme_view
from souk.web.api.definition import admin_api
from souk.web.api.operations import Call
from souk.web.api.schemas.admin_themes import (
    MOST_FILE_TEXT,
    ThemeFileContent,
    ThemeFileEntry,
    ThemeFileList,
    ThemeFileParameters,
    ThemeFileWrite,
    ThemeWritten,
)
from souk.web.api.schemas.common import Nothing
from themes.code import UnknownThemeFile, is_text, write_file
from themes.files import digest
from themes.release import files_of
from themes.work import read_theme, save_work

_PROBLEMS = {
    409: "`theme_changed`: somebody else changed it since that version.",
    422: "`theme_refused`, with `findings`.",
}


class OneFileSource(Invalid):
    code = "one_file_source"

    def __init__(self) -> None:
        super().__init__("Give the file as text, or as content in base64, not both.", field="text")


@admin_api.operation(
    "GET",
    "/themes/{theme_id}/files",
    summary="List the files of a theme as it is worked on",
    tag="themes",
    takes=Nothing,
    answers=ThemeFileList,
    access="admin",
    permission="read_themes",
    edge=True,
)
def list_theme_files(call: Call, _query: Nothing) -> ThemeFileList:
    theme = named_theme(call)
    files = files_of(media_storage(config()), theme.work)
    entries = [
        ThemeFileEntry(path=path, sha256=digest(files[path]), byte_size=len(files[path])) for path in sorted(files)
    ]
    return ThemeFileList(version=theme.version, files=entries)


@admin_api.operation(
    "GET",
    "/themes/{theme_id}/file",
    summary="Read one file of a theme",
    tag="themes",
    takes=ThemeFileParameters,
    answers=ThemeFileContent,
    access="admin",
    permission="read_themes",
    edge=True,
)
def read_one_theme_file(call: Call, query: ThemeFileParameters) -> ThemeFileContent:
    theme = named_theme(call)
    found = files_of(media_storage(config()), theme.work).get(query.path)
    if found is None:
        raise UnknownThemeFile(query.path)
    text = found.decode(errors="replace") if is_text(query.path) else None
    content = base64.b64encode(found).decode() if text is None else None
    return ThemeFileContent(path=query.path, sha256=digest(found), version=theme.version, text=text, content=content)


@admin_api.operation(
    "PUT",
    "/themes/{theme_id}/file",
    summary="Write one file of a theme when the whole theme passes the validator",
    tag="themes",
    takes=ThemeFileWrite,
    answers=ThemeWritten,
    access="admin",
    permission="write_themes",
    edge=True,
    most_bytes=MOST_FILE_TEXT + 4_096,
    file_fields=frozenset(["text", "content"]),
    problems=_PROBLEMS,
)
def write_theme_file(call: Call, body: ThemeFileWrite) -> ThemeWritten:
    return _write(call, body.path, _content(body), body.version)


def _content(body: ThemeFileWrite) -> bytes:
    if body.text is not None and body.content is None:
        return body.text.encode()
    if body.content is not None and body.text is None:
        return decoded(body.content)
    raise OneFileSource


@admin_api.operation(
    "DELETE",
    "/themes/{theme_id}/file",
    summary="Delete one file of a theme when the theme can do without it",
    tag="themes",
    takes=ThemeFileParameters,
    answers=ThemeWritten,
    access="admin",
    permission="write_themes",
    edge=True,
    problems=_PROBLEMS,
)
def remove_theme_file(call: Call, query: ThemeFileParameters) -> ThemeWritten:
    return _write(call, query.path, None, None)


def _write(call: Call, path: str, content: bytes | None, version: int | None) -> ThemeWritten:
    theme = named_theme(call)
    work, findings = write_file(media_storage(config()), theme.work, path, content)
    with transaction(call.scope) as session:
        save_work(session, theme.id, work, expected=version or theme.version, actor=call.actor)
        written = theme_view(read_theme(session, theme.id))
    return ThemeWritten(theme=written, findings=remarks(each for each in findings if each.file == path))
