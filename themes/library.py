"""What a merchant does with whole themes: duplicate, rename, delete, schedule."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from souk.kernel import clock
from souk.kernel.errors import Conflict, Invalid
from themes.errors import UnknownTheme
from themes.installations import add_work
from themes.models import ThemeInstallation
from themes.work import read_theme

MAX_NAME = 60
FURTHEST = timedelta(days=365)


class BadThemeName(Invalid):
    code = "bad_theme_name"

    def __init__(self) -> None:
        super().__init__(f"The name of a theme has 1 to {MAX_NAME} characters on one line.", field="name")


class LiveThemeStays(Conflict):
    code = "live_theme_stays"

    def __init__(self) -> None:
        super().__init__("The live theme cannot be deleted; publish another one first.")


class BadPublishTime(Invalid):
    code = "bad_publish_time"

    def __init__(self) -> None:
        super().__init__("Choose a time from now on and within a year.", field="publish_at")


def theme_name(text: str) -> str:
    """Return a name without spaces around it; raises BadThemeName."""
    name = text.strip()
    if not name or len(name) > MAX_NAME or not name.isprintable():
        raise BadThemeName
    return name


def duplicate_theme(session: Session, theme_id: int, *, actor: str, name: str = "") -> int:
    """Copy a theme as it is worked on; returns the id of the copy, which is not live. Raises TooManyThemes."""
    found = read_theme(session, theme_id)
    copy = name or f"Copy of {found.name}"[:MAX_NAME].strip()
    return add_work(session, theme_name(copy), found.work, actor=actor)


def rename_theme(session: Session, theme_id: int, name: str) -> None:
    changed = update(ThemeInstallation).where(ThemeInstallation.id == theme_id).values(name=theme_name(name))
    if session.execute(changed.returning(ThemeInstallation.id)).first() is None:
        raise UnknownTheme(theme_id)


def delete_theme(session: Session, theme_id: int) -> None:
    """Delete a theme that is not live; what shoppers saw of it stays in the history."""
    gone = delete(ThemeInstallation).where(ThemeInstallation.id == theme_id, ThemeInstallation.role != "main")
    if session.execute(gone.returning(ThemeInstallation.id)).first() is None:
        read_theme(session, theme_id)
        raise LiveThemeStays


def schedule_theme(session: Session, theme_id: int, moment: datetime | None, *, actor: str) -> None:
    """Have a theme published at `moment` as it is then, or take that back with None; raises BadPublishTime."""
    if moment is not None and not clock.now() < moment < clock.now() + FURTHEST:
        raise BadPublishTime
    values = {"publish_at": moment, "publish_by": actor if moment else "", "publish_problem": ""}
    changed = update(ThemeInstallation).where(ThemeInstallation.id == theme_id).values(**values)
    if session.execute(changed.returning(ThemeInstallation.id)).first() is None:
        raise UnknownTheme(theme_id)


def due_themes(session: Session) -> list[tuple[int, str]]:
    """Return (id, who scheduled it) of the themes whose hour has come, the earliest first."""
    due = select(ThemeInstallation.id, ThemeInstallation.publish_by)
    due = due.where(ThemeInstallation.publish_at <= clock.now())
    return [(row[0], row[1]) for row in session.execute(due.order_by(ThemeInstallation.publish_at))]


def give_up_schedule(session: Session, theme_id: int, problem: str) -> None:
    """Say in the library why a scheduled theme was not published."""
    changed = update(ThemeInstallation).where(ThemeInstallation.id == theme_id)
    session.execute(changed.values(publish_at=None, publish_by="", publish_problem=problem[:500]))
