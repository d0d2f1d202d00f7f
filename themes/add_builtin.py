"""Give a shop another built-in theme, beside the one that it shows."""

from __future__ import annotations

from sqlalchemy.orm import Session

from themes.builtins import builtin_themes
from themes.errors import ThemeMissing
from themes.installations import add_work
from themes.publishing import OPERATOR
from themes.work import Work


def add_builtin(session: Session, handle: str, *, actor: str = OPERATOR) -> int:
    """Add the built-in theme `handle`, which is not live yet; returns its id. Raises ThemeMissing, TooManyThemes."""
    known = builtin_themes().get(handle)
    if known is None:
        raise ThemeMissing(handle)
    return add_work(session, known.name, Work(handle, known.version), actor=actor)
