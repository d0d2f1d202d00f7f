"""The shop's own settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from flask import g, request

from souk.kernel.db import transaction
from souk.kernel.email_address import normalize_email
from souk.kernel.errors import Invalid, SoukError
from souk.kernel.settings import read_setting, write_setting
from souk.kernel.tenancy import control_scope
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.languages import language_choices
from souk.web.dashboard.pages import done, page
from souk.web.language_prefix import NAMES
from tenants.storefront_password import storefront_password_hash


class BadShopSetting(Invalid):
    code = "invalid_setting"

    def __init__(self, field: str, cure: str) -> None:
        super().__init__(cure, field=field)


@blueprint.route("/shops/<slug>/settings", methods=["GET", "POST"])
@in_shop(Permission.SETTINGS)
def settings(access: ShopAccess) -> Answer:
    if request.method == "GET":
        return settings_page(access)
    typed = {
        "name": " ".join(request.form.get("name", "").split()),
        "email": request.form.get("email", "").strip(),
        "description": request.form.get("description", "").strip()[:500],
        "timezone": request.form.get("timezone", ""),
        "locale": request.form.get("locale", "") or g.shop_settings.get("locale", "en"),
        "auto_fulfill": "auto_fulfill" in request.form,
        "locales": [tag for tag in NAMES if tag in request.form.getlist("locales")],
    }
    try:
        _check(typed)
        with transaction(access.scope) as session:
            write_setting(session, "shop", read_setting(session, "shop") | typed)
    except SoukError as error:
        return settings_page(access, typed, error), error.status
    return done("The settings are saved.", "settings", access)


def settings_page(access: ShopAccess, typed: Mapping[str, Any] | None = None, error: SoukError | None = None) -> str:
    """Show the settings; what was `typed` and refused stands over what is stored."""
    with transaction(control_scope(), read_only=True) as session:
        locked = bool(storefront_password_hash(session, access.tenant_id))
    form = g.shop_settings | dict(typed or {})
    languages = language_choices(str(g.shop_settings.get("locale", "")))
    zones = sorted(available_timezones())
    return page("settings.html", form=form, zones=zones, languages=languages, spoken=NAMES, locked=locked, error=error)


def _check(typed: dict[str, Any]) -> None:
    if not 0 < len(typed["name"]) <= 80 or not typed["name"].isprintable():  # noqa: PLR2004 - told in the sentence
        raise BadShopSetting("name", "A shop's name has 1 to 80 characters.")
    if typed["locale"] not in {tag for tag, _ in language_choices(str(g.shop_settings.get("locale", "")))}:
        raise BadShopSetting("locale", "Choose a language of the list.")
    if typed["timezone"] not in available_timezones():
        raise BadShopSetting("timezone", "Choose a time zone of the list.")
    if "\0" in typed["description"]:
        raise BadShopSetting("description", "The description holds a character that is no text; type it again.")
    if typed["email"]:
        typed["email"] = normalize_email(typed["email"])
