"""Bring the next version of a theme, the platform's or an uploaded one, under what a merchant changed in its code."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import request
from flask_login import current_user

from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.kernel.errors import Conflict, SoukError
from souk.media.configured import media_storage
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.pages import done, page
from themes.apart import check_apart
from themes.builtins import builtin_themes
from themes.errors import UnknownTheme
from themes.files import ThemeFiles
from themes.installations import OWN, add_work
from themes.library import MAX_NAME, rename_theme
from themes.merge import with_changes
from themes.release import code_of
from themes.stored import keep_files, read_files
from themes.theme import load_builtin
from themes.update import Update, merge_update, without_dropped
from themes.upload import ThemeRefused
from themes.work import Edited, Work, read_theme, save_work

_THEIRS = "theirs"


class NoUpdate(Conflict):
    code = "no_theme_update"

    def __init__(self) -> None:
        super().__init__("This theme needs no update: its code is its maker's own, or the newer files are not there.")


@dataclass(frozen=True, slots=True)
class Newer:
    """The version that comes. `draft` is the theme that was uploaded; None for the platform's own themes."""

    name: str
    version: str
    files: ThemeFiles
    draft: Edited | None = None


@blueprint.get("/shops/<slug>/themes/<int:theme_id>/update")
@in_shop(Permission.THEMES)
def theme_update(access: ShopAccess, theme_id: int) -> Answer:
    """Show what an update would do; `?from=` names the draft that was uploaded as the newer version."""
    return _page(access, theme_id)


def _page(access: ShopAccess, theme_id: int, error: SoukError | None = None) -> str:
    theme, newer, update = _merged(access, theme_id)
    found = error.findings if isinstance(error, ThemeRefused) else []
    return page("theme_update.html", theme=theme, newer=newer, update=update, findings=found, error=error)


def _merged(access: ShopAccess, theme_id: int) -> tuple[Edited, Newer, Update]:
    theme = _read(access, theme_id)
    newer = _uploaded(access, theme) if "from" in request.args else _platforms(theme)
    storage = media_storage(config())
    base, mine = read_files(storage, theme.work.base_files), code_of(storage, theme.work)
    return theme, newer, merge_update(base, mine, newer.files, theme.work.settings)


def _read(access: ShopAccess, theme_id: int) -> Edited:
    with transaction(access.scope, read_only=True) as session:
        return read_theme(session, theme_id)


def _platforms(theme: Edited) -> Newer:
    known = builtin_themes().get(theme.work.base_handle)
    if known is None or not theme.work.base_files:
        raise NoUpdate
    return Newer(known.name, known.version, load_builtin(known.handle).files)


def _uploaded(access: ShopAccess, theme: Edited) -> Newer:
    number = request.args["from"]
    if not (number.isascii() and number.isdecimal() and len(number) < 19):  # noqa: PLR2004 - a bigint
        raise UnknownTheme(0)
    draft = _read(access, int(number))
    whole = all(each.work.base_handle == OWN and each.work.base_files for each in (theme, draft))
    if not whole or draft.live or draft.id == theme.id:
        raise NoUpdate
    files = read_files(media_storage(config()), draft.work.base_files)
    return Newer(draft.name, draft.work.base_version, files, draft)


@blueprint.post("/shops/<slug>/themes/<int:theme_id>/update")
@in_shop(Permission.THEMES)
def update_theme(access: ShopAccess, theme_id: int) -> Answer:
    """Put the merged theme beside the old one as a draft, so that it can be looked at before anybody sees it.

    A draft that was uploaded becomes the merged theme itself.
    """
    theme, newer, update = _merged(access, theme_id)
    theirs = frozenset(each.path for each in update.conflicts if request.form.get(f"file-{each.path}") == _THEIRS)
    files, settings = update.result(theirs), without_dropped(theme.work.settings, update)
    name = f"{theme.name[: MAX_NAME - 20]} {newer.version}"
    storage = media_storage(config())
    try:
        check_apart(with_changes(files, settings, theme.work.templates))
        kept, base = keep_files(storage, files), keep_files(storage, newer.files)
        work = replace(theme.work, base_version=newer.version, files=kept, base_files=base, settings=settings)
        _keep(access, name, work, newer.draft)
    except SoukError as error:
        return _page(access, theme_id, error), error.status
    return done(f"{name} stands among your drafts; look at it and publish it.", "themes", access)


def _keep(access: ShopAccess, name: str, work: Work, draft: Edited | None) -> None:
    actor = current_user.record.actor
    with transaction(access.scope) as session:
        if draft is None:
            add_work(session, name, work, actor=actor)
        else:
            save_work(session, draft.id, work, expected=draft.version, actor=actor)
            rename_theme(session, draft.id, name)
