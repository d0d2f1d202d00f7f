"""Bring the next version of a built-in theme under what a merchant changed in its code."""

from __future__ import annotations

from dataclasses import replace

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
from themes.builtins import Builtin, builtin_themes
from themes.installations import add_work
from themes.library import MAX_NAME
from themes.merge import with_changes
from themes.release import code_of
from themes.stored import keep_files, read_files
from themes.theme import load_builtin
from themes.update import Update, merge_update, without_dropped
from themes.upload import ThemeRefused
from themes.work import Edited, read_theme

_THEIRS = "theirs"


class NoUpdate(Conflict):
    code = "no_theme_update"

    def __init__(self) -> None:
        super().__init__("This theme needs no update: its code is the platform's own, or was never the platform's.")


@blueprint.get("/shops/<slug>/themes/<int:theme_id>/update")
@in_shop(Permission.THEMES)
def theme_update(access: ShopAccess, theme_id: int) -> Answer:
    return _page(access, theme_id)


def _page(access: ShopAccess, theme_id: int, error: SoukError | None = None) -> str:
    theme, known, update = _merged(access, theme_id)
    found = error.findings if isinstance(error, ThemeRefused) else []
    return page("theme_update.html", theme=theme, known=known, update=update, findings=found, error=error)


def _merged(access: ShopAccess, theme_id: int) -> tuple[Edited, Builtin, Update]:
    with transaction(access.scope, read_only=True) as session:
        theme = read_theme(session, theme_id)
    known = builtin_themes().get(theme.work.base_handle)
    if known is None or not theme.work.base_files:
        raise NoUpdate
    storage = media_storage(config())
    base, mine = read_files(storage, theme.work.base_files), code_of(storage, theme.work)
    return theme, known, merge_update(base, mine, load_builtin(known.handle).files, theme.work.settings)


@blueprint.post("/shops/<slug>/themes/<int:theme_id>/update")
@in_shop(Permission.THEMES)
def update_theme(access: ShopAccess, theme_id: int) -> Answer:
    """Put the merged theme beside the old one as a draft, so that it can be looked at before anybody sees it."""
    theme, known, update = _merged(access, theme_id)
    theirs = frozenset(each.path for each in update.conflicts if request.form.get(f"file-{each.path}") == _THEIRS)
    files, settings = update.result(theirs), without_dropped(theme.work.settings, update)
    storage = media_storage(config())
    try:
        check_apart(with_changes(files, settings, theme.work.templates))
        kept, base = keep_files(storage, files), keep_files(storage, load_builtin(known.handle).files)
        work = replace(theme.work, base_version=known.version, files=kept, base_files=base, settings=settings)
        with transaction(access.scope) as session:
            name = f"{theme.name[: MAX_NAME - 20]} {known.version}"
            add_work(session, name, work, actor=current_user.record.actor)
    except SoukError as error:
        return _page(access, theme_id, error), error.status
    return done(f"{name} stands among your drafts; look at it and publish it.", "themes", access)
