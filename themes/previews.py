"""Links to a theme that is not live: for staff signed by us, for others a secret that can be revoked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from souk.kernel import clock
from souk.kernel.errors import Conflict
from souk.kernel.tokens import hash_token, new_token
from themes.models import ThemeInstallation
from themes.work import read_theme

STAFF_SECONDS = 12 * 3600
SHARED_FOR = timedelta(days=7)
MAX_LINKS = 20
_SALT = "theme preview"
_ID = 16


class TooManyLinks(Conflict):
    code = "too_many_previews"

    def __init__(self) -> None:
        super().__init__(f"A theme has at most {MAX_LINKS} preview links; revoke one first.")


@dataclass(frozen=True, slots=True)
class Pass:
    """What a link opens: a theme of one shop; `design` is the editor's own frame."""

    theme_id: int
    design: bool = False


@dataclass(frozen=True, slots=True)
class SharedLink:
    """`id` names the link where its secret is not known."""

    id: str
    by: str
    created_at: datetime
    until: datetime


def staff_pass(secret: str, tenant_id: int, theme_id: int, *, design: bool) -> str:
    """Sign a pass for somebody of the staff, valid for twelve hours."""
    return "s." + str(URLSafeTimedSerializer(secret, _SALT).dumps([tenant_id, theme_id, design]))


def read_staff_pass(secret: str, tenant_id: int, token: str) -> Pass | None:
    """Return what a signed pass opens in this shop; None for one of another shop, forged or too old."""
    try:
        values = URLSafeTimedSerializer(secret, _SALT).loads(token.removeprefix("s."), max_age=STAFF_SECONDS)
    except BadData:
        return None
    return Pass(values[1], bool(values[2])) if values[0] == tenant_id else None


def share_preview(session: Session, theme_id: int, *, actor: str) -> str:
    """Make a link that anybody can open for seven days; returns its secret, which is kept as a hash only."""
    found = read_theme(session, theme_id, lock=True)
    links = _open_links(session, theme_id)
    if len(links) >= MAX_LINKS:
        raise TooManyLinks
    token, now = f"{found.id}.{new_token()}", clock.now()
    links[hash_token(token)] = {
        "by": actor, "created_at": now.isoformat(), "until": (now + SHARED_FOR).isoformat(),
    }  # fmt: skip
    _write(session, theme_id, links)
    return token


def shared_previews(session: Session, theme_id: int) -> list[SharedLink]:
    """Return the links that still open, the newest first."""
    return sorted(
        (
            SharedLink(
                name[:_ID],
                link["by"],
                datetime.fromisoformat(link["created_at"]),
                datetime.fromisoformat(link["until"]),
            )
            for name, link in _open_links(session, theme_id).items()
        ),
        key=lambda link: link.created_at,
        reverse=True,
    )


def revoke_preview(session: Session, theme_id: int, link_id: str) -> bool:
    """Close a link at once; returns whether there was one."""
    read_theme(session, theme_id, lock=True)
    links = _open_links(session, theme_id)
    kept = {name: link for name, link in links.items() if name[:_ID] != link_id}
    _write(session, theme_id, kept)
    return len(kept) < len(links)


def shared_pass(session: Session, token: str) -> Pass | None:
    """Return what a shared secret opens; None when it is unknown, revoked or too old."""
    number = token.partition(".")[0]
    if not (number.isascii() and number.isdecimal() and len(number) < 19):  # noqa: PLR2004 - a bigint
        return None
    return Pass(int(number)) if hash_token(token) in _open_links(session, int(number)) else None


def _open_links(session: Session, theme_id: int) -> dict[str, Any]:
    query = select(ThemeInstallation.previews).where(ThemeInstallation.id == theme_id)
    links: dict[str, Any] = session.execute(query).scalar() or {}
    now = clock.now()
    return {name: link for name, link in links.items() if datetime.fromisoformat(link["until"]) > now}


def _write(session: Session, theme_id: int, links: dict[str, Any]) -> None:
    session.execute(update(ThemeInstallation).where(ThemeInstallation.id == theme_id).values(previews=links))
