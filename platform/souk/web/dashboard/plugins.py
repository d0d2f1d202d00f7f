"""Which installed plugins the shop uses, and its settings for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request

from plugins.api import Plugin
from plugins.enablement import enable, is_enabled, settings_of
from plugins.loader import plugins as installed
from souk.kernel.db import transaction
from souk.kernel.errors import NotFound, SoukError
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.pages import done, page, picture_url
from souk.web.dashboard.schema_form import read_values, typed_texts


class UnknownPlugin(NotFound):
    code = "unknown_plugin"

    def __init__(self) -> None:
        super().__init__("No plugin of this name is installed; ask the platform's operator for it.")


@dataclass(frozen=True, slots=True)
class Choice:
    plugin: Plugin
    enabled: bool
    values: Mapping[str, Any]


@blueprint.get("/shops/<slug>/plugins")
@in_shop(Permission.SETTINGS)
def plugins(access: ShopAccess) -> Answer:
    with transaction(access.scope, read_only=True) as session:
        choices = [Choice(each, is_enabled(session, each), {}) for each in _all()]
    return page("plugins.html", choices=choices)


@blueprint.route("/shops/<slug>/plugins/<plugin_id>", methods=["GET", "POST"])
@in_shop(Permission.SETTINGS)
def plugin(access: ShopAccess, plugin_id: str) -> Answer:
    found = _one(plugin_id)
    if request.method == "GET":
        return _plugin_page(access, found)
    schema = [{"settings": found.settings_schema}]
    try:
        values = read_values(schema, request.form)
        with transaction(access.scope) as session:
            on = "enabled" in request.form
            enable(session, found.id, enabled=on, settings=settings_of(session, found.id) | values)
    except SoukError as error:
        return _plugin_page(access, found, typed_texts(schema, request.form), error), error.status
    return done(f"{found.name} is {'on' if on else 'off'}.", "plugin", access, plugin_id=found.id)


def _plugin_page(
    access: ShopAccess, found: Plugin, values: Mapping[str, Any] | None = None, error: SoukError | None = None
) -> str:
    with transaction(access.scope, read_only=True) as session:
        on = is_enabled(session, found) if error is None else "enabled" in request.form
        choice = Choice(found, on, settings_of(session, found.id) if values is None else values)
    failed = str(error.extra.get("field", "")) if error else ""
    return page("plugin.html", choice=choice, plugin=found, failed=failed, picture=picture_url, error=error)


def _all() -> list[Plugin]:
    return sorted(installed().manager.get_plugins(), key=lambda each: str(each.name).lower())


def _one(plugin_id: str) -> Plugin:
    found = next((each for each in _all() if each.id == plugin_id), None)
    if found is None:
        raise UnknownPlugin
    return found
