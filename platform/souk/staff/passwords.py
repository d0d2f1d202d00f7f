"""Set a staff password: by an operator, by its owner, or with a secret that came by mail."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from souk.kernel import clock, ratelimit
from souk.kernel.email_address import normalize_email
from souk.kernel.passwords import hash_password
from souk.kernel.tokens import hash_token, new_token
from souk.staff.errors import StaffResetLinkInvalid
from souk.staff.queries import COLUMNS, StaffRecord
from souk.staff.sessions import end_all_sessions
from tenants.models import StaffAccount, StaffToken

RESET_LIFETIME = timedelta(hours=1)
RESETS_PER_HOUR = 5


def set_password(session: Session, staff_id: int, password: str, *, keep_session: int = 0) -> None:
    """Replace the password and end every session but `keep_session`; raises WeakPassword."""
    changed = update(StaffAccount).where(StaffAccount.id == staff_id)
    session.execute(changed.values(password_hash=hash_password(password)))
    end_all_sessions(session, staff_id, keep_id=keep_session)


def request_password_reset(session: Session, email: str) -> tuple[StaffRecord, str] | None:
    """Return the account and a secret that is good for one hour, to be mailed; None for an unknown address."""
    address = normalize_email(email)
    ratelimit.limit(f"staff:reset:{address}", attempts=RESETS_PER_HOUR, seconds=3600)
    wanted = select(*COLUMNS).where(StaffAccount.email == address, StaffAccount.disabled_at.is_(None))
    row = session.execute(wanted).first()
    if row is None:
        return None
    token, now = new_token(), clock.now()
    values = {
        "staff_id": row[0],
        "kind": "password_reset",
        "token_hash": hash_token(token),
        "last_seen_at": now,
        "expires_at": now + RESET_LIFETIME,
    }
    session.execute(insert(StaffToken).values(values))
    return StaffRecord(*row), token


def reset_password(session: Session, token: str, password: str) -> int:
    """Set the password, end every session and return the account's number.

    Raises:
        WeakPassword, StaffResetLinkInvalid: nothing changed.

    """
    password_hash = hash_password(password)
    used = session.execute(
        update(StaffToken)
        .where(
            StaffToken.token_hash == hash_token(token),
            StaffToken.kind == "password_reset",
            StaffToken.revoked_at.is_(None),
            StaffToken.expires_at > clock.now(),
        )
        .values(revoked_at=clock.now())
        .returning(StaffToken.staff_id)
    ).scalar_one_or_none()
    if used is None:
        raise StaffResetLinkInvalid
    changed = update(StaffAccount).where(StaffAccount.id == used).values(password_hash=password_hash)
    email = session.execute(changed.returning(StaffAccount.email)).scalar_one()
    end_all_sessions(session, used)
    ratelimit.forget(f"staff:sign-in:{email}")
    return used
