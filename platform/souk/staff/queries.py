"""Look up staff accounts; each function takes a session of the control scope."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.kernel.email_address import normalize_email
from souk.staff.errors import UnknownStaff
from tenants.models import StaffAccount


@dataclass(frozen=True, slots=True)
class StaffRecord:
    id: int
    email: str
    name: str

    @property
    def actor(self) -> str:
        """How timelines and ledgers name this person."""
        return f"staff:{self.id}"


COLUMNS = (StaffAccount.id, StaffAccount.email, StaffAccount.name)


def staff_by_email(session: Session, email: str) -> StaffRecord:
    """Return an account, disabled or not; raises UnknownStaff, BadEmail."""
    row = session.execute(select(*COLUMNS).where(StaffAccount.email == normalize_email(email))).first()
    if row is None:
        raise UnknownStaff(email)
    return StaffRecord(*row)


def names_of(session: Session, staff_ids: list[int]) -> dict[int, str]:
    """Return how to call these people: the name, or the address where none was given."""
    rows = session.execute(select(*COLUMNS).where(StaffAccount.id.in_(staff_ids)))
    return {row[0]: row[2] or row[1] for row in rows}
