"""What a theme is made of at one moment, and how it is changed without overwriting what somebody else changed.

The live theme is worked on in its draft, which shoppers do not see; a theme that is not live is a draft as a whole.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.orm import Session

from souk.kernel import clock
from souk.kernel.errors import Conflict, Invalid
from themes.errors import UnknownTheme
from themes.models import ThemeInstallation
from themes.stored import Manifest, loaded
from themes.theme import Theme, load_builtin

MAX_LAYER = 1_000_000


class ThemeChanged(Conflict):
    """`version`, `by` and `at` tell who was faster; the caller may look at it and send again."""

    code = "theme_changed"

    def __init__(self, version: int, by: str, at: datetime) -> None:
        detail = "Somebody else has changed this theme since you opened it; load the newest state or keep yours."
        super().__init__(detail, version=version, by=by, at=at.isoformat())


class LayerTooLarge(Invalid):
    code = "theme_layer_too_large"

    def __init__(self) -> None:
        super().__init__(f"Settings and templates together have at most {MAX_LAYER // 1000} KB; remove some sections.")


@dataclass(frozen=True, slots=True)
class Work:
    """`files` is empty while a built-in theme's own code is used; `settings` and `templates` lie over the files."""

    base_handle: str
    base_version: str = ""
    files: Manifest = field(default_factory=dict)
    base_files: Manifest = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    templates: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {name: dict(value) if isinstance(value, Mapping) else value for name, value in asdict(self).items()}

    def base(self) -> Theme:
        """Return the theme without the layer; raises ThemeNotLoaded for files that are not in memory."""
        return loaded.get(self.files) if self.files else load_builtin(self.base_handle)

    def theme(self) -> Theme:
        """Return the theme as shoppers would see it; raises ThemeNotLoaded."""
        return self.base().with_layer(self.settings, self.templates)


@dataclass(frozen=True, slots=True)
class Edited:
    """A theme with what is worked on; `drafted` says that shoppers still see another state of it."""

    id: int
    name: str
    role: str
    version: int
    work: Work
    drafted: bool
    edited_by: str
    updated_at: datetime
    published_at: datetime | None
    publish_at: datetime | None
    publish_problem: str

    @property
    def live(self) -> bool:
        return self.role == "main"


STATE = (
    ThemeInstallation.base_handle, ThemeInstallation.base_version, ThemeInstallation.files,
    ThemeInstallation.base_files, ThemeInstallation.settings, ThemeInstallation.templates,
)  # fmt: skip
_STATE_NAMES = tuple(column.key for column in STATE)
_COLUMNS = (
    ThemeInstallation.id, ThemeInstallation.name, ThemeInstallation.role, ThemeInstallation.version,
    ThemeInstallation.draft, ThemeInstallation.edited_by, ThemeInstallation.updated_at,
    ThemeInstallation.published_at, ThemeInstallation.publish_at, ThemeInstallation.publish_problem, *STATE,
)  # fmt: skip


def _edited(row: Row[Any]) -> Edited:
    state = dict(zip(_STATE_NAMES, row[10:], strict=True)) if row.draft is None else row.draft
    return Edited(
        id=row.id,
        name=row.name,
        role=row.role,
        version=row.version,
        work=Work(**state),
        drafted=row.draft is not None,
        edited_by=row.edited_by,
        updated_at=row.updated_at,
        published_at=row.published_at,
        publish_at=row.publish_at,
        publish_problem=row.publish_problem,
    )


def read_theme(session: Session, theme_id: int, *, lock: bool = False) -> Edited:
    """Return one theme of the shop; raises UnknownTheme."""
    query = select(*_COLUMNS).where(ThemeInstallation.id == theme_id)
    row = session.execute(query.with_for_update() if lock else query).first()
    if row is None:
        raise UnknownTheme(theme_id)
    return _edited(row)


def read_themes(session: Session) -> list[Edited]:
    """Return the shop's themes, the live one first, then by the time of their last change."""
    order = (ThemeInstallation.role != "main", ThemeInstallation.updated_at.desc(), ThemeInstallation.id.desc())
    return [_edited(row) for row in session.execute(select(*_COLUMNS).order_by(*order))]


def live_work(session: Session) -> Work | None:
    """Return what shoppers see; None in a shop that never chose a theme."""
    row = session.execute(select(*STATE).where(ThemeInstallation.role == "main")).first()
    return None if row is None else Work(*row)


def save_work(session: Session, theme_id: int, work: Work, *, expected: int, actor: str) -> int:
    """Keep `work` when the theme is still at version `expected`; returns the new version.

    Raises UnknownTheme, LayerTooLarge, and ThemeChanged, which changes nothing.
    """
    if len(json.dumps([dict(work.settings), dict(work.templates)])) > MAX_LAYER:
        raise LayerTooLarge
    found = read_theme(session, theme_id, lock=True)
    if found.version != expected:
        raise ThemeChanged(found.version, found.edited_by, found.updated_at)
    state = {"draft": work.as_json()} if found.live or found.drafted else work.as_json()
    values = {**state, "version": expected + 1, "edited_by": actor, "updated_at": clock.now()}
    session.execute(update(ThemeInstallation).where(ThemeInstallation.id == theme_id).values(**values))
    return expected + 1


def drop_draft(session: Session, theme_id: int, *, expected: int, actor: str) -> None:
    """Throw away what shoppers have not seen yet of the live theme; raises ThemeChanged."""
    found = read_theme(session, theme_id, lock=True)
    if found.version != expected:
        raise ThemeChanged(found.version, found.edited_by, found.updated_at)
    values = {"draft": None, "version": expected + 1, "edited_by": actor, "updated_at": clock.now()}
    session.execute(update(ThemeInstallation).where(ThemeInstallation.id == theme_id).values(**values))
