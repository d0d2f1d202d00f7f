"""Publish a theme, keep what was published, and bring any of it back.

A page reads the live theme by one row, so that the swap of that row is seen whole or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from souk.kernel import clock
from souk.kernel.errors import NotFound
from souk.kernel.events import Event
from souk.kernel.outbox import publish as tell
from themes.errors import UnknownTheme
from themes.models import ThemeInstallation, ThemePublication
from themes.work import STATE, Edited, ThemeChanged, Work, live_work, read_theme

# How many publications a shop keeps; a copy has some 30 KB.
MAX_KEPT = 200
OPERATOR = "operator"


class UnknownPublication(NotFound):
    code = "unknown_publication"

    def __init__(self, publication_id: int) -> None:
        super().__init__(f"The history of this shop's themes has no entry {publication_id}; look at it again.")


@dataclass(frozen=True, slots=True)
class Publication:
    """`kind`: published, scheduled, rolled_back, or found (what was live when the history began)."""

    id: int
    theme_id: int | None
    name: str
    kind: str
    actor: str
    work: Work
    created_at: datetime


_COLUMNS = (
    ThemePublication.id, ThemePublication.theme_id, ThemePublication.name, ThemePublication.kind,
    ThemePublication.actor, ThemePublication.state, ThemePublication.created_at,
)  # fmt: skip


def _publication(row: Any) -> Publication:
    return Publication(row.id, row.theme_id, row.name, row.kind, row.actor, Work(**row.state), row.created_at)


def list_publications(session: Session, limit: int = 50, offset: int = 0) -> list[Publication]:
    """Return what shoppers saw, the newest first: the first entry is what they see now."""
    query = select(*_COLUMNS).order_by(ThemePublication.id.desc()).limit(limit).offset(offset)
    return [_publication(row) for row in session.execute(query)]


def count_publications(session: Session) -> int:
    return session.execute(select(func.count(ThemePublication.id))).scalar_one()


def read_publication(session: Session, publication_id: int) -> Publication:
    row = session.execute(select(*_COLUMNS).where(ThemePublication.id == publication_id)).first()
    if row is None:
        raise UnknownPublication(publication_id)
    return _publication(row)


def publication_before(session: Session, publication_id: int) -> Publication | None:
    query = select(*_COLUMNS).where(ThemePublication.id < publication_id).order_by(ThemePublication.id.desc()).limit(1)
    row = session.execute(query).first()
    return None if row is None else _publication(row)


def publish_theme(
    session: Session,
    theme_id: int,
    *,
    actor: str = OPERATOR,
    kind: str = "published",
    expected: int | None = None,
) -> None:
    """Show a theme to shoppers with all that was worked on; the former one stays in the library.

    With `expected` only that version is published, the one that was checked; raises UnknownTheme, ThemeChanged.
    """
    found = _locked(session, theme_id)
    if expected is not None and found.version != expected:
        raise ThemeChanged(found.version, found.edited_by, found.updated_at)
    _publish(session, found, found.work, kind=kind, actor=actor)


def publish_files(session: Session, theme_id: int, files: Mapping[str, Any], *, actor: str) -> None:
    """Show other files under what shoppers see now of the live theme; its draft gets them too."""
    found, live = _locked(session, theme_id), live_work(session)
    assert live is not None
    draft = replace(found.work, **files) if found.drafted else None
    _publish(session, found, replace(live, **files), draft, actor=actor)


def roll_back(session: Session, publication_id: int, *, actor: str) -> None:
    """Show again what shoppers saw after that publication; raises UnknownPublication.

    What was worked on in that theme since stays as its draft.
    """
    past = read_publication(session, publication_id)
    theme_id = past.theme_id or _brought_back(session, past)
    found = _locked(session, theme_id)
    unfinished = found.work if (found.drafted or not found.live) and found.work != past.work else None
    _publish(session, found, past.work, unfinished, kind="rolled_back", actor=actor)


def _brought_back(session: Session, past: Publication) -> int:
    made = insert(ThemeInstallation).values(name=past.name, **past.work.as_json())
    return session.execute(made.returning(ThemeInstallation.id)).scalar_one()


def _locked(session: Session, theme_id: int) -> Edited:
    # All rows in one order: two publications at once wait for each other instead of leaving two live themes.
    ids = session.execute(select(ThemeInstallation.id).order_by(ThemeInstallation.id).with_for_update()).scalars().all()
    if theme_id not in ids:
        raise UnknownTheme(theme_id)
    return read_theme(session, theme_id)


def _publish(
    session: Session, found: Edited, work: Work, draft: Work | None = None, *, kind: str = "published", actor: str
) -> None:
    _remember_first(session)
    for former in session.execute(select(ThemeInstallation.id).where(ThemeInstallation.role == "main")).scalars():
        if former != found.id:
            _take_down(session, former)
    values = {
        "role": "main", "draft": draft.as_json() if draft else None, "published_at": clock.now(), "edited_by": actor,
        "version": found.version + 1, "publish_at": None, "publish_by": "", "publish_problem": "",
    }  # fmt: skip
    live = update(ThemeInstallation).where(ThemeInstallation.id == found.id)
    session.execute(live.values(**values, **work.as_json()))
    _keep(session, (found.id, found.name), kind, actor, work)
    tell(session, Event("theme.updated", found.id))


def _take_down(session: Session, theme_id: int) -> None:
    """Let a theme that was live go on as a draft, with what was worked on in it."""
    work = read_theme(session, theme_id).work
    former = update(ThemeInstallation).where(ThemeInstallation.id == theme_id)
    session.execute(former.values(role="unpublished", draft=None, **work.as_json()))


def _remember_first(session: Session) -> None:
    """Keep what was live before the first publication, or it could never be brought back."""
    if session.execute(select(ThemePublication.id).limit(1)).first() is not None:
        return
    columns = (ThemeInstallation.id, ThemeInstallation.name, *STATE)
    row = session.execute(select(*columns).where(ThemeInstallation.role == "main")).first()
    if row is not None:
        _keep(session, (row[0], row[1]), "found", OPERATOR, Work(*row[2:]))


def _keep(session: Session, theme: tuple[int, str], kind: str, actor: str, work: Work) -> None:
    values = {"theme_id": theme[0], "name": theme[1], "kind": kind, "actor": actor, "state": work.as_json()}
    made = session.execute(insert(ThemePublication).values(**values).returning(ThemePublication.id)).scalar_one()
    newest = select(ThemePublication.id).order_by(ThemePublication.id.desc()).limit(MAX_KEPT)
    session.execute(
        delete(ThemePublication).where(ThemePublication.id < made, ThemePublication.id.not_in(newest.scalar_subquery()))
    )
