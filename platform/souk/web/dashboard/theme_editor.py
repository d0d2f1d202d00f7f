"""The editor of a theme: its page, the draft that is saved while one works, and who else is at it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import jsonify, request, url_for
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from plugins.enablement import states
from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.kernel.errors import Invalid, SoukError
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.pages import page
from souk.web.dashboard.theme_presence import colleagues
from souk.web.dashboard.theme_samples import sample_paths
from souk.web.dashboard.themes import people, publish_checked
from souk.web.hosts import preview_host
from souk.web.own_themes import load_missing
from souk.web.storefront.front import apps_used
from themes.editable import editable, editable_apps
from themes.previews import staff_pass
from themes.stored import ThemeNotLoaded
from themes.theme import Theme
from themes.upload import ThemeRefused
from themes.work import Edited, read_theme, save_work


class BadDraftBody(Invalid):
    code = "bad_draft"

    def __init__(self) -> None:
        super().__init__("Send {version, settings, templates}; reload the editor and try again.")


@blueprint.get("/shops/<slug>/themes/<int:theme_id>/edit")
@in_shop(Permission.THEMES)
def theme_editor(access: ShopAccess, theme_id: int) -> Answer:
    theme, base = opened_theme(access, theme_id)
    with transaction(access.scope, read_only=True) as session:
        data = _page_data(access, session, theme, base)
    return page("theme_editor.html", theme=theme, data=data)


def opened_theme(access: ShopAccess, theme_id: int) -> tuple[Edited, Theme]:
    """Return a theme with its files; those of the shop's own are fetched outside of any transaction."""

    def read() -> tuple[Edited, Theme]:
        with transaction(access.scope, read_only=True) as session:
            theme = read_theme(session, theme_id)
            return theme, theme.work.base()

    try:
        return read()
    except ThemeNotLoaded as missing:
        load_missing(missing)
    return read()


def _page_data(access: ShopAccess, session: Session, theme: Edited, base: Theme) -> dict[str, Any]:
    def at(endpoint: str, **values: Any) -> str:
        return url_for(f"dashboard.{endpoint}", slug=access.slug, **values)

    return {
        **editable(base),
        "apps": editable_apps(apps_used(states(session))),
        "theme": {"id": theme.id, "name": theme.name, "live": theme.live, "drafted": theme.drafted},
        "state": _state(theme),
        "preview": config().origin(preview_host(access.slug)),
        "shop": config().origin(access.primary_host),
        "pass": staff_pass(config().secret_key, access.tenant_id, theme.id, design=True),
        "samples": sample_paths(session),
        "urls": {
            "save": at("save_draft", theme_id=theme.id), "state": at("theme_state", theme_id=theme.id),
            "publish": at("publish_from_editor", theme_id=theme.id), "things": at("theme_things"),
            "plugins": at("plugins"), "media": at("theme_media"),
            "picture": f"{config().origin(access.primary_host)}/media/",
        },
    }  # fmt: skip


def _state(theme: Edited) -> dict[str, Any]:
    return {
        "version": theme.version, "settings": dict(theme.work.settings), "templates": dict(theme.work.templates),
        "drafted": theme.drafted, "by": theme.edited_by, "at": theme.updated_at.isoformat(),
    }  # fmt: skip


@blueprint.get("/shops/<slug>/themes/<int:theme_id>/state")
@in_shop(Permission.THEMES)
def theme_state(access: ShopAccess, theme_id: int) -> Answer:
    """Tell an open editor who else is at this theme; with `?whole` what the theme is now."""
    with transaction(access.scope, read_only=True) as session:
        theme = read_theme(session, theme_id)
    others = colleagues(access, theme_id, current_user.record)
    told = _state(theme) if "whole" in request.args else {"version": theme.version}
    return jsonify(**told, others=others, by_name=people([theme.edited_by])[theme.edited_by])


@blueprint.post("/shops/<slug>/themes/<int:theme_id>/draft")
@in_shop(Permission.THEMES)
def save_draft(access: ShopAccess, theme_id: int) -> Answer:
    """Keep settings and templates over the version that the editor knows; 409 says who was faster."""
    try:
        with transaction(access.scope) as session:
            theme = read_theme(session, theme_id)
            version, settings, templates = _body()
            work = replace(theme.work, settings=settings, templates=templates)
            saved = save_work(session, theme_id, work, expected=version, actor=current_user.record.actor)
    except SoukError as error:
        return _problem(error)
    return jsonify(version=saved)


def _body() -> tuple[int, Mapping[str, Any], Mapping[str, Any]]:
    body = request.get_json(silent=True)
    found = body if isinstance(body, dict) else {}
    version, settings, templates = found.get("version"), found.get("settings"), found.get("templates")
    if not isinstance(version, int) or not isinstance(settings, dict) or not isinstance(templates, dict):
        raise BadDraftBody
    # Postgres keeps no NUL in JSON, and lone surrogates cannot be encoded at all.
    if "\\u0000" in request.get_data(as_text=True) or not _encodable(found):
        raise BadDraftBody
    return version, settings, templates


def _encodable(value: Any) -> bool:
    try:
        str(value).encode()
    except UnicodeEncodeError:
        return False
    return True


def _problem(error: SoukError) -> Response:
    extra = dict(error.extra)
    if "by" in extra:
        extra["by_name"] = people([extra["by"]])[extra["by"]]
    answer = jsonify(code=error.code, detail=error.detail, **extra)
    answer.status_code = error.status
    return answer


@blueprint.post("/shops/<slug>/themes/<int:theme_id>/publish-now")
@in_shop(Permission.THEMES)
def publish_from_editor(access: ShopAccess, theme_id: int) -> Answer:
    """Publish the version that the editor shows; 422 lists what keeps it from shoppers."""
    body = request.get_json(silent=True)
    version = body.get("version") if isinstance(body, dict) else None
    with transaction(access.scope, read_only=True) as session:
        read_theme(session, theme_id)
    try:
        if not isinstance(version, int):
            raise BadDraftBody
        publish_checked(access, theme_id, version)
    except ThemeRefused as refused:
        return _problem(refused)
    except SoukError as error:
        return _problem(error)
    with transaction(access.scope, read_only=True) as session:
        return jsonify(version=read_theme(session, theme_id).version)
