"""Dashboard sessions: opened, read, listed and ended. Only hashes are stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.orm import Session

from souk.kernel import clock
from souk.kernel.tokens import hash_token, new_token
from souk.staff.errors import UnknownStaffSession
from souk.staff.queries import COLUMNS, StaffRecord
from tenants.models import StaffAccount, StaffToken

LIFETIME = timedelta(days=14)
# One write in five minutes, not one for every page.
SEEN_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class StaffSession:
    id: int
    user_agent: str
    ip_address: str
    last_seen_at: datetime
    created_at: datetime


_COLUMNS: tuple[Any, ...] = (
    StaffToken.id,
    StaffToken.user_agent,
    StaffToken.ip_address,
    StaffToken.last_seen_at,
    StaffToken.created_at,
)


def open_session(session: Session, staff_id: int, *, user_agent: str = "", ip_address: str = "") -> str:
    """Return a secret that is good for 14 days; the caller has proved who the person is."""
    token, now = new_token(), clock.now()
    values = {
        "staff_id": staff_id,
        "kind": "session",
        "token_hash": hash_token(token),
        "user_agent": user_agent.replace("\0", "")[:300],
        "ip_address": ip_address,
        "last_seen_at": now,
        "expires_at": now + LIFETIME,
    }
    session.execute(insert(StaffToken).values(values))
    return token


def staff_of_token(session: Session, token: str) -> tuple[StaffRecord, StaffSession] | None:
    """Return who is signed in with `token`; None when it is unknown, expired, revoked or the account disabled."""
    row = session.execute(
        select(*COLUMNS, *_COLUMNS)
        .join(StaffToken, StaffToken.staff_id == StaffAccount.id)
        .where(StaffToken.token_hash == hash_token(token), *_open(), StaffAccount.disabled_at.is_(None))
    ).first()
    if row is None:
        return None
    person = StaffRecord(row[0], row[1], row[2])
    return person, StaffSession(row[3], row[4], row[5], row[6], row[7])


def note_seen(session: Session, session_id: int) -> None:
    session.execute(update(StaffToken).where(StaffToken.id == session_id).values(last_seen_at=clock.now()))


def list_sessions(session: Session, staff_id: int) -> list[StaffSession]:
    """Return a person's open sessions, last seen first."""
    rows = session.execute(
        select(*_COLUMNS)
        .where(StaffToken.staff_id == staff_id, *_open())
        .order_by(StaffToken.last_seen_at.desc(), StaffToken.id.desc())
    )
    return [StaffSession(*row) for row in rows]


def end_session(session: Session, staff_id: int, session_id: int) -> None:
    """End one of the person's own sessions; raises UnknownStaffSession for anybody else's."""
    ended = session.execute(
        update(StaffToken)
        .where(StaffToken.id == session_id, StaffToken.staff_id == staff_id, *_open())
        .values(revoked_at=clock.now())
        .returning(StaffToken.id)
    )
    if ended.first() is None:
        raise UnknownStaffSession


def end_all_sessions(session: Session, staff_id: int, *, keep_id: int = 0) -> None:
    """End every session and reset link of a person, except the session `keep_id`."""
    mine = update(StaffToken).where(StaffToken.staff_id == staff_id, StaffToken.revoked_at.is_(None))
    session.execute(mine.where(StaffToken.id != keep_id).values(revoked_at=clock.now()))


def _open() -> tuple[ColumnElement[bool], ...]:
    return (
        StaffToken.kind == "session",
        StaffToken.revoked_at.is_(None),
        StaffToken.expires_at > clock.now(),
    )
