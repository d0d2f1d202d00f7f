"""The look of the storefront: the settings of the live theme, and its presets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request
from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.catalog.models import Collection
from souk.content.models import Menu, Page
from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.kernel.errors import Invalid, SoukError
from souk.media.configured import media_storage
from souk.media.store import KeptImage, keep_image, record_image
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.pages import done, page, picture_url
from souk.web.dashboard.schema_form import PREFIX, declared, read_values, typed_texts
from souk.web.own_themes import load_missing
from themes.live import LiveTheme, read_live_theme, save_theme_settings
from themes.stored import ThemeNotLoaded

MAX_CHOICES = 500


class UnknownPreset(Invalid):
    code = "unknown_preset"

    def __init__(self, known: Mapping[str, Any]) -> None:
        super().__init__(f"The theme has no such preset; choose {', '.join(known)}.", field="preset")


@blueprint.get("/shops/<slug>/theme")
@in_shop(Permission.SETTINGS)
def theme(access: ShopAccess) -> Answer:
    return _theme_page(access)


def _theme_page(access: ShopAccess, values: Mapping[str, Any] | None = None, error: SoukError | None = None) -> str:
    live = _live(access)
    with transaction(access.scope, read_only=True) as session:
        choices = _choices(session)
    failed = str(error.extra.get("field", "")) if error else ""
    shown = live.values if values is None else values
    return page("theme.html", live=live, values=shown, choices=choices, picture=picture_url, failed=failed, error=error)


def _live(access: ShopAccess) -> LiveTheme:
    """Return the live theme; one of the shop's own is fetched first, outside of any transaction."""
    try:
        with transaction(access.scope, read_only=True) as session:
            return read_live_theme(session)
    except ThemeNotLoaded as missing:
        load_missing(missing)
    with transaction(access.scope, read_only=True) as session:
        return read_live_theme(session)


def _choices(session: Session) -> dict[str, list[tuple[str, str]]]:
    models: dict[str, Any] = {"collection": Collection, "page": Page, "link_list": Menu}
    return {
        kind: [
            (row.handle, row.title)
            for row in session.execute(select(model.handle, model.title).order_by(model.title).limit(MAX_CHOICES))
        ]
        for kind, model in models.items()
    }


@blueprint.post("/shops/<slug>/theme")
@in_shop(Permission.SETTINGS)
def save_theme(access: ShopAccess) -> Answer:
    live = _live(access)
    try:
        kept = _keep_pictures(access, live)
        form = request.form.to_dict() | {name: image.storage_key for name, image in kept.items()}
        values = dict(live.values) | read_values(live.schema, _without_dropped(form))
        with transaction(access.scope) as session:
            for image in kept.values():
                record_image(session, image)
            save_theme_settings(session, live.changed(values))
    except SoukError as error:
        return _theme_page(access, typed_texts(live.schema, request.form), error), error.status
    return done("The theme is saved; shoppers see it now.", "theme", access)


@blueprint.post("/shops/<slug>/theme/preset")
@in_shop(Permission.SETTINGS)
def apply_preset(access: ShopAccess) -> Answer:
    name, live = request.form.get("preset", ""), _live(access)
    own = {key: live.values.get(key) for key in _pictures(live)}
    try:
        if name not in live.presets:
            raise UnknownPreset(live.presets)
        with transaction(access.scope) as session:
            save_theme_settings(session, live.changed(dict(live.presets[name]) | own))
    except SoukError as error:
        return _theme_page(access, None, error), error.status
    return done(f"The shop wears {name} now.", "theme", access)


def _pictures(live: LiveTheme) -> list[str]:
    """Return the settings that hold a picture: a preset has none of the shop's own."""
    return [setting["id"] for setting in declared(live.schema) if setting.get("type") == "image_picker"]


def _keep_pictures(access: ShopAccess, live: LiveTheme) -> dict[str, KeptImage]:
    storage, kept = media_storage(config()), {}
    for setting in _pictures(live):
        upload = request.files.get(f"file-{PREFIX}{setting}")
        if upload is not None and upload.filename:
            kept[f"{PREFIX}{setting}"] = keep_image(storage, access.tenant_id, upload.read(), upload.filename)
    return kept


def _without_dropped(form: Mapping[str, str]) -> dict[str, str]:
    return {name: "" if f"drop-{name}" in form else value for name, value in form.items()}
