"""Which plugins a shop uses, and its settings for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from plugins.api import Plugin
from plugins.pauses import forget_pauses
from souk.kernel import clock
from souk.kernel.configuration import configuration, forget_configuration
from souk.kernel.db import after_commit, scope_of
from souk.kernel.events import Event
from souk.kernel.models import PluginState
from souk.kernel.outbox import publish


def states(session: Session) -> Mapping[str, tuple[bool, dict[str, Any]]]:
    """Return plugin id -> (enabled, settings) of the shop; read once in each transaction."""
    return configuration(session).plugins


def states_column() -> ColumnElement[Any]:
    """Return the column of all that the shop chose, as JSON or null, for a statement that reads other things too."""
    each = func.jsonb_build_array(PluginState.enabled, PluginState.settings)
    return select(func.jsonb_object_agg(PluginState.plugin_id, each)).scalar_subquery()


def is_enabled(session: Session, plugin: type[Plugin] | Plugin) -> bool:
    return states(session).get(plugin.id, (plugin.default_enabled, {}))[0]


def settings_of(session: Session, plugin_id: str) -> dict[str, Any]:
    return states(session).get(plugin_id, (False, {}))[1]


def enable(session: Session, plugin_id: str, *, enabled: bool, settings: Mapping[str, Any] | None = None) -> None:
    """Switch a plugin on or off for the shop; `settings` replaces its settings where given."""
    row = insert(PluginState).values(
        plugin_id=plugin_id, enabled=enabled, settings=dict(settings or {}), updated_at=clock.now()
    )
    changed: dict[str, Any] = {"enabled": row.excluded.enabled, "updated_at": row.excluded.updated_at}
    if settings is not None:
        changed["settings"] = row.excluded.settings
    session.execute(row.on_conflict_do_update(index_elements=[PluginState.plugin_id], set_=changed))
    forget_configuration(session)
    # Pages show what plugins put there.
    publish(session, Event("settings.updated", 0, {"name": "plugins"}))
    scope = scope_of(session)
    after_commit(session, lambda: forget_pauses(scope, plugin_id))
