"""Bring a theme in as a ZIP: every finding of the validator is shown with its file and line."""

from __future__ import annotations

import json
from typing import Any

from flask import request
from flask_login import current_user

from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.kernel.errors import Invalid, SoukError
from souk.media.configured import media_storage
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.pages import done
from souk.web.dashboard.themes import themes_page
from themes.apart import check_apart
from themes.archive import MAX_PACKED, unpack
from themes.earlier import earlier_versions
from themes.installations import OWN, add_work
from themes.library import MAX_NAME, theme_name
from themes.stored import keep_files
from themes.upload import ThemeRefused
from themes.work import Edited, Work, read_theme, read_themes


class NoThemeFile(Invalid):
    code = "no_theme_file"

    def __init__(self) -> None:
        super().__init__("Choose the ZIP file of the theme first.", field="file")


@blueprint.url_value_preprocessor
def take_large_themes(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let people who are signed in send whole themes; this runs before anything reads the form."""
    if endpoint == "dashboard.upload_theme" and current_user.is_authenticated:
        request.max_content_length = MAX_PACKED + 64 * 1024


@blueprint.post("/shops/<slug>/themes/upload")
@in_shop(Permission.THEMES)
def upload_theme(access: ShopAccess) -> Answer:
    try:
        uploaded, warnings = _take(access)
    except ThemeRefused as refused:
        return themes_page(access, refused, refused.findings), refused.status
    except SoukError as error:
        return themes_page(access, error), error.status
    found = f" The validator has {len(warnings)} remark{'s' if len(warnings) > 1 else ''}." if warnings else ""
    told = f"{uploaded.name} stands among your drafts.{found}"
    with transaction(access.scope, read_only=True) as session:
        others = read_themes(session)
    earlier = earlier_versions(media_storage(config()), others, uploaded)
    if earlier:
        return done(told, "theme_update", access, theme_id=earlier[0].id, **{"from": uploaded.id})
    return done(told, "themes", access)


def _take(access: ShopAccess) -> tuple[Edited, list[Any]]:
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise NoThemeFile
    files = unpack(sent.read())
    warnings = check_apart(files)
    facts = json.loads(files["theme.json"])
    kept = keep_files(media_storage(config()), files)
    with transaction(access.scope) as session:
        name = theme_name(str(facts["name"])[:MAX_NAME])
        theme_id = add_work(session, name, Work(OWN, facts["version"], kept, kept), actor=current_user.record.actor)
        return read_theme(session, theme_id), warnings
