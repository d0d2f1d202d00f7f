"""A shop's themes: push, list and publish. Each function takes a session of the shop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from souk.kernel import clock
from souk.kernel.errors import Conflict
from themes.errors import UnknownTheme
from themes.models import ThemeInstallation
from themes.publishing import OPERATOR
from themes.stored import Manifest
from themes.work import Work

MAX_THEMES = 20
# What stands for the name of a built-in theme where the files are the shop's own.
OWN = "own"


class TooManyThemes(Conflict):
    code = "too_many_themes"

    def __init__(self) -> None:
        super().__init__(f"A shop keeps at most {MAX_THEMES} themes; push into one of them instead.")


@dataclass(frozen=True, slots=True)
class Installed:
    """`files` is empty for a built-in theme, which `base_handle` then names."""

    id: int
    name: str
    role: str
    base_handle: str
    base_version: str
    files: Manifest
    settings: Mapping[str, Any]
    templates: Mapping[str, Any]
    published_at: datetime | None
    updated_at: datetime


_COLUMNS = (
    ThemeInstallation.id, ThemeInstallation.name, ThemeInstallation.role, ThemeInstallation.base_handle,
    ThemeInstallation.base_version, ThemeInstallation.files, ThemeInstallation.settings, ThemeInstallation.templates,
    ThemeInstallation.published_at, ThemeInstallation.updated_at,
)  # fmt: skip


def list_themes(session: Session) -> Sequence[Installed]:
    """Return the shop's themes, the live one first; none when it never chose one."""
    order = (ThemeInstallation.role != "main", ThemeInstallation.id)
    return [Installed(*row) for row in session.execute(select(*_COLUMNS).order_by(*order))]


def theme_by_id(session: Session, theme_id: int) -> Installed:
    row = session.execute(select(*_COLUMNS).where(ThemeInstallation.id == theme_id)).first()
    if row is None:
        raise UnknownTheme(theme_id)
    return Installed(*row)


def add_theme(session: Session, name: str, version: str, manifest: Manifest) -> int:
    """Add checked files as a theme that is not live; returns its id."""
    return add_work(session, name, Work(OWN, version, dict(manifest), dict(manifest)), actor=OPERATOR)


def add_work(session: Session, name: str, work: Work, *, actor: str) -> int:
    """Add a theme that is not live; raises TooManyThemes."""
    if session.execute(select(func.count(ThemeInstallation.id))).scalar_one() >= MAX_THEMES:
        raise TooManyThemes
    values = {**work.as_json(), "name": name, "edited_by": actor, "updated_at": clock.now()}
    return session.execute(insert(ThemeInstallation).values(**values).returning(ThemeInstallation.id)).scalar_one()
