"""Give a shop another built-in theme beside the live one."""

from __future__ import annotations

import json

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from themes.installations import MAX_THEMES, TooManyThemes
from themes.models import ThemeInstallation
from themes.theme import load_builtin


def add_builtin(session: Session, handle: str) -> int:
    """Add a built-in theme that is not live; returns its id. Raises ThemeMissing, TooManyThemes."""
    manifest = json.loads(load_builtin(handle).files["theme.json"])
    if session.execute(select(func.count(ThemeInstallation.id))).scalar_one() >= MAX_THEMES:
        raise TooManyThemes
    values = {"name": manifest["name"], "base_handle": handle, "base_version": manifest["version"]}
    return session.execute(insert(ThemeInstallation).values(**values).returning(ThemeInstallation.id)).scalar_one()
