"""A shop's themes: push, list and publish. Each function takes a session of the shop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from souk.kernel import clock
from souk.kernel.errors import Conflict, NotFound
from souk.kernel.events import Event
from souk.kernel.outbox import publish
from themes.models import ThemeInstallation
from themes.stored import FALLBACK, Manifest

MAX_THEMES = 20


class UnknownTheme(NotFound):
    code = "unknown_theme"

    def __init__(self, theme_id: int) -> None:
        super().__init__(f"The shop has no theme {theme_id}; `souk theme list` shows them all.")


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
    if session.execute(select(func.count(ThemeInstallation.id))).scalar_one() >= MAX_THEMES:
        raise TooManyThemes
    values = {"name": name, "base_handle": FALLBACK, "base_version": version, "files": dict(manifest)}
    made = insert(ThemeInstallation).values(**values).returning(ThemeInstallation.id)
    return session.execute(made).scalar_one()


def replace_files(session: Session, theme_id: int, version: str, manifest: Manifest) -> None:
    """Exchange the files of a theme; the merchant's settings and templates stay over them."""
    values = {"base_version": version, "files": dict(manifest), "updated_at": clock.now()}
    changed = update(ThemeInstallation).where(ThemeInstallation.id == theme_id)
    changed = changed.values(**values, version=ThemeInstallation.version + 1)
    role = session.execute(changed.returning(ThemeInstallation.role)).scalar()
    if role is None:
        raise UnknownTheme(theme_id)
    if role == "main":
        publish(session, Event("theme.updated", theme_id))


def publish_theme(session: Session, theme_id: int) -> None:
    """Make a theme the live one; the former one stays as it is, so that publishing it again takes this back."""
    # All rows in one order: two publications at once wait for each other instead of leaving two live themes.
    ids = session.execute(select(ThemeInstallation.id).order_by(ThemeInstallation.id).with_for_update()).scalars().all()
    if theme_id not in ids:
        raise UnknownTheme(theme_id)
    former = update(ThemeInstallation).where(ThemeInstallation.role == "main", ThemeInstallation.id != theme_id)
    session.execute(former.values(role="unpublished"))
    live = update(ThemeInstallation).where(ThemeInstallation.id == theme_id)
    session.execute(live.values(role="main", published_at=clock.now()))
    publish(session, Event("theme.updated", theme_id))
