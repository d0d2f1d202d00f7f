"""Make a staff account."""

from __future__ import annotations

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from souk.kernel.email_address import normalize_email
from souk.kernel.passwords import hash_password
from souk.staff.errors import StaffEmailTaken
from tenants.models import StaffAccount


def create_staff(session: Session, email: str, name: str, password: str) -> int:
    """Make an account without any shop and return its number; `session` is of the control scope.

    Raises:
        BadEmail, WeakPassword, StaffEmailTaken: nothing was made.

    """
    address = normalize_email(email)
    values = {"email": address, "name": " ".join(name.split())[:120], "password_hash": hash_password(password)}
    row = insert(StaffAccount).values(values).on_conflict_do_nothing(index_elements=[StaffAccount.email])
    staff_id = session.execute(row.returning(StaffAccount.id)).scalar_one_or_none()
    if staff_id is None:
        raise StaffEmailTaken(address)
    return staff_id
