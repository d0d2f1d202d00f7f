"""The theme that shoppers see: what a merchant may set in it, and the layer that keeps what was set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from souk.kernel import clock
from souk.kernel.events import Event
from souk.kernel.outbox import publish
from themes.models import ThemeInstallation
from themes.schema import load_json
from themes.stored import loaded
from themes.theme import Theme, load_builtin

DEFAULT_THEME = "bazaar"
_SCHEMA = "config/settings_schema.json"
_DATA = "config/settings_data.json"


@dataclass(frozen=True, slots=True)
class LiveTheme:
    """`schema`: groups of settings. `values`: what holds now. `presets`: whole sets of values by name."""

    name: str
    schema: Sequence[Mapping[str, Any]]
    values: Mapping[str, Any]
    base: Mapping[str, Any]
    presets: Mapping[str, Mapping[str, Any]]

    def changed(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return those of `values` that differ from the theme's own; only these stay when the theme is updated."""
        defaults = {item["id"]: item.get("default") for group in self.schema for item in group.get("settings", ())
                    if "id" in item}  # fmt: skip
        own = defaults | dict(self.base)
        return {name: value for name, value in values.items() if _present(value) != _present(own.get(name))}


def read_live_theme(session: Session) -> LiveTheme:
    """Read what is live; raises ThemeNotLoaded, which the application answers by loading and asking again."""
    columns = select(
        ThemeInstallation.name, ThemeInstallation.base_handle, ThemeInstallation.settings, ThemeInstallation.files
    )
    row = session.execute(columns.where(ThemeInstallation.role == "main")).first()
    own = row.files if row else {}
    base = loaded.get(own) if own else load_builtin(row.base_handle if row else DEFAULT_THEME)
    settings: Mapping[str, Any] = row.settings if row else {}
    return LiveTheme(
        name=row.name if row else base.handle.title(),
        schema=_file(base, _SCHEMA) or [],
        values={**base.current, **settings},
        base=base.current,
        presets=(_file(base, _DATA) or {}).get("presets") or {},
    )


def save_theme_settings(session: Session, settings: Mapping[str, Any]) -> None:
    """Replace the settings of the merchant's layer; a shop without an installed theme gets the default one."""
    values = {"settings": dict(settings), "updated_at": clock.now()}
    changed = update(ThemeInstallation).where(ThemeInstallation.role == "main")
    changed = changed.values(**values, version=ThemeInstallation.version + 1)
    if session.execute(changed.returning(ThemeInstallation.id)).first() is None:
        row = insert(ThemeInstallation).values(
            name=DEFAULT_THEME.title(), role="main", base_handle=DEFAULT_THEME, **values
        )
        session.execute(row)
    publish(session, Event("theme.updated", 0))


def _present(value: Any) -> Any:
    """Return None for the ways in which a form says nothing: a setting that was never set is not changed by them."""
    return None if value == "" or value is False else value


def _file(theme: Theme, path: str) -> Any:
    return load_json(path, theme.files[path]) if path in theme.files else None
