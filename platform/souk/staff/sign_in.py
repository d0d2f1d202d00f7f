"""Let a person in who knows the password."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.kernel import ratelimit
from souk.kernel.email_address import BadEmail, normalize_email
from souk.kernel.passwords import password_matches
from souk.staff.errors import StaffDisabled, WrongStaffCredentials
from souk.staff.queries import COLUMNS, StaffRecord
from tenants.models import StaffAccount

ATTEMPTS_PER_ACCOUNT = 10
ATTEMPTS_PER_IP = 200
SECONDS = 900


def check_credentials(session: Session, email: str, password: str, *, ip_address: str = "") -> StaffRecord:
    """Return the account of this address and password; the caller opens a session.

    Raises:
        WrongStaffCredentials: in the same time whether or not the account exists.
        StaffDisabled: told only to somebody who knows the password.
        RateLimited: after ten attempts on the account within 15 minutes.

    """
    try:
        address = normalize_email(email)
    except BadEmail:
        raise WrongStaffCredentials from None
    ratelimit.limit(f"staff:sign-in:{address}", attempts=ATTEMPTS_PER_ACCOUNT, seconds=SECONDS)
    if ip_address:
        ratelimit.limit(f"staff:sign-in-ip:{ip_address}", attempts=ATTEMPTS_PER_IP, seconds=SECONDS)
    wanted = select(*COLUMNS, StaffAccount.password_hash, StaffAccount.disabled_at)
    row = session.execute(wanted.where(StaffAccount.email == address)).first()
    if not password_matches(password, row.password_hash if row else None) or row is None:
        raise WrongStaffCredentials
    if row.disabled_at is not None:
        raise StaffDisabled
    ratelimit.forget(f"staff:sign-in:{address}")
    return StaffRecord(*row[:3])
