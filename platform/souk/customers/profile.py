"""Change what a customer has told about themselves."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from souk.customers.errors import UnknownCustomer, WrongCredentials
from souk.customers.models import Customer
from souk.customers.names import clean_name
from souk.customers.sessions import end_all_sessions
from souk.customers.throttle import count_sign_in, forget_sign_ins
from souk.kernel import clock
from souk.kernel.passwords import hash_password, password_matches


def rename(session: Session, customer_id: int, name: str) -> None:
    """Change the name; raises BadName."""
    changed = update(Customer).where(Customer.id == customer_id)
    session.execute(changed.values(name=clean_name(name), updated_at=clock.now()))


def change_password(session: Session, customer_id: int, current: str, new: str, *, keep_token: str = "") -> None:
    """Replace the password and end every other session.

    Raises:
        WrongCredentials: `current` is not the present password.
        WeakPassword, RateLimited, UnknownCustomer: nothing changed.

    """
    wanted = select(Customer.email, Customer.password_hash).where(Customer.id == customer_id)
    row = session.execute(wanted).first()
    if row is None:
        raise UnknownCustomer
    count_sign_in(session, row.email, "")
    if not password_matches(current, row.password_hash):
        raise WrongCredentials
    changed = update(Customer).where(Customer.id == customer_id)
    session.execute(changed.values(password_hash=hash_password(new), updated_at=clock.now()))
    end_all_sessions(session, customer_id, keep_token=keep_token)
    forget_sign_ins(session, row.email)
