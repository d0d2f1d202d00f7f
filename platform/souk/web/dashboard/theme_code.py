"""The files of a theme, for those who write code: listed, searched, checked on save."""

from __future__ import annotations

from typing import Any

from flask import jsonify, request, url_for
from flask_login import current_user

from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.kernel.errors import Invalid, SoukError
from souk.media.configured import media_storage
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.pages import asked, page
from souk.web.dashboard.themes import people
from themes.code import UnknownThemeFile, is_text, search, write_file
from themes.files import FOLDERS
from themes.release import files_of
from themes.upload import ThemeRefused
from themes.validate import Finding
from themes.work import Edited, read_theme, save_work

MIN_TERMS = 2


class BadCodeBody(Invalid):
    code = "bad_code"

    def __init__(self) -> None:
        super().__init__("Send {version, path, text}, the text null to delete the file; reload the page and try again.")


@blueprint.get("/shops/<slug>/themes/<int:theme_id>/code")
@in_shop(Permission.THEMES)
def theme_code(access: ShopAccess, theme_id: int) -> Answer:
    """Show the files by folder and the one that `?file=` names."""
    theme, files = _opened(access, theme_id)
    chosen = request.args.get("file", "layout/theme.html")
    data = {
        "version": theme.version, "path": chosen if chosen in files and is_text(chosen) else "",
        "text": files[chosen].decode(errors="replace") if chosen in files and is_text(chosen) else "",
        "urls": {name: url_for(f"dashboard.{name}", slug=access.slug, theme_id=theme_id)
                 for name in ("save_theme_file", "search_theme_code", "theme_code", "read_theme_file")},
    }  # fmt: skip
    return page("theme_code.html", theme=theme, folders=_folders(files), data=data, is_text=is_text)


def _opened(access: ShopAccess, theme_id: int) -> tuple[Edited, dict[str, bytes]]:
    with transaction(access.scope, read_only=True) as session:
        theme = read_theme(session, theme_id)
    return theme, files_of(media_storage(config()), theme.work)


def _folders(files: dict[str, bytes]) -> dict[str, list[str]]:
    found = {"": sorted(path for path in files if "/" not in path)}
    return found | {name: sorted(path for path in files if path.startswith(f"{name}/")) for name in FOLDERS}


@blueprint.get("/shops/<slug>/themes/<int:theme_id>/code/file")
@in_shop(Permission.THEMES)
def read_theme_file(access: ShopAccess, theme_id: int) -> Answer:
    theme, files = _opened(access, theme_id)
    path = request.args.get("path", "")
    if path not in files or not is_text(path):
        return _problem(UnknownThemeFile(path))
    return jsonify(version=theme.version, text=files[path].decode(errors="replace"))


@blueprint.get("/shops/<slug>/themes/<int:theme_id>/code/search")
@in_shop(Permission.THEMES)
def search_theme_code(access: ShopAccess, theme_id: int) -> Answer:
    terms = asked("q")
    _theme, files = _opened(access, theme_id)
    rows = search(files, terms) if len(terms) >= MIN_TERMS else []
    return jsonify(found=[{"path": path, "line": line, "text": text} for path, line, text in rows])


@blueprint.post("/shops/<slug>/themes/<int:theme_id>/code")
@in_shop(Permission.THEMES)
def save_theme_file(access: ShopAccess, theme_id: int) -> Answer:
    """Keep one file when the validator lets the whole theme pass; 422 names each fault by file and line."""
    try:
        with transaction(access.scope, read_only=True) as session:
            theme = read_theme(session, theme_id)
        version, path, text = _body()
        content = None if text is None else text.encode()
        work, findings = write_file(media_storage(config()), theme.work, path, content)
        with transaction(access.scope) as session:
            saved = save_work(session, theme_id, work, expected=version, actor=current_user.record.actor)
    except SoukError as error:
        return _problem(error)
    return jsonify(version=saved, findings=[_view(each) for each in findings if each.file == path])


def _body() -> tuple[int, str, str | None]:
    body = request.get_json(silent=True)
    found: dict[str, Any] = body if isinstance(body, dict) else {}
    version, path, text = found.get("version"), found.get("path"), found.get("text", 0)
    if not isinstance(version, int) or not isinstance(path, str) or not isinstance(text, str | None):
        raise BadCodeBody
    if text is not None and ("\0" in text or (not text.isascii() and _has_surrogates(text))):
        raise BadCodeBody
    return version, path, text


def _has_surrogates(text: str) -> bool:
    return any("\ud800" <= letter <= "\udfff" for letter in text)


def _view(finding: Finding) -> dict[str, Any]:
    return {
        "file": finding.file, "line": finding.line, "rule": finding.rule, "severity": finding.severity,
        "message": finding.message,
    }  # fmt: skip


def _problem(error: SoukError) -> Answer:
    found = error.findings if isinstance(error, ThemeRefused) else []
    extra = {name: value for name, value in error.extra.items() if name in {"version", "line"}}
    if "by" in error.extra:
        extra["by_name"] = people([error.extra["by"]])[error.extra["by"]]
    answer = jsonify(code=error.code, detail=error.detail, findings=[_view(each) for each in found], **extra)
    answer.status_code = error.status
    return answer
