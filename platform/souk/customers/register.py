"""Open an account, or note a guest who buys."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from souk.customers.errors import EmailTaken
from souk.customers.models import Customer
from souk.customers.names import clean_name
from souk.kernel import clock
from souk.kernel.email_address import normalize_email
from souk.kernel.events import Event
from souk.kernel.outbox import publish
from souk.kernel.passwords import hash_password


def register(session: Session, name: str, email: str, password: str, *, locale: str = "en") -> int:
    """Open an account and return the customer's number.

    Raises:
        BadName, BadEmail, WeakPassword: a value cannot be taken.
        EmailTaken: the address has an account, or a guest bought with it; its owner sets a password by mail.

    """
    values = {
        "name": clean_name(name),
        "email": normalize_email(email),
        "password_hash": hash_password(password),
        "locale": locale,
    }
    customer_id = _insert(session, values)
    if customer_id is None:
        raise EmailTaken
    return customer_id


def recognize_guest(session: Session, email: str, *, name: str = "", phone: str = "", locale: str = "en") -> int:
    """Return the customer with this address, made without a password when it is new."""
    address = normalize_email(email)
    made = _insert(session, {"email": address, "name": name[:120], "phone": phone[:40], "locale": locale})
    if made is not None:
        return made
    return session.execute(select(Customer.id).where(Customer.email == address)).scalar_one()


def _insert(session: Session, values: dict[str, str]) -> int | None:
    now = clock.now()
    row = insert(Customer).values(**values, created_at=now, updated_at=now)
    made = session.execute(row.on_conflict_do_nothing(index_elements=[Customer.email]).returning(Customer.id))
    customer_id = made.scalar_one_or_none()
    if customer_id is not None:
        publish(session, Event("customer.created", customer_id))
    return customer_id
