"""Open an account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from souk.customers.errors import EmailTaken
from souk.customers.models import Customer, CustomerAddress
from souk.customers.names import clean_name
from souk.kernel import clock
from souk.kernel.email_address import normalize_email
from souk.kernel.events import Event
from souk.kernel.outbox import publish
from souk.kernel.passwords import hash_password

Release = Callable[[Session, int], None]


def register(
    session: Session, name: str, email: str, password: str, *, locale: str = "en", release: Release | None = None
) -> int:
    """Open an account and return the customer's number.

    Where a guest bought with the address, the account takes that customer over, and `release(session, id)` must let
    go of what the guest bought: nobody has proven yet that the address is theirs. Without `release` it is refused.

    Raises:
        BadName, BadEmail, WeakPassword: a value cannot be taken.
        EmailTaken: the address has an account.

    """
    values = {
        "name": clean_name(name),
        "email": normalize_email(email),
        "password_hash": hash_password(password),
        "locale": locale,
    }
    customer_id = _insert(session, values)
    if customer_id is None and release is not None:
        customer_id = _take_over(session, values, release)
    if customer_id is None:
        raise EmailTaken
    return customer_id


def _insert(session: Session, values: dict[str, str]) -> int | None:
    now = clock.now()
    row = insert(Customer).values(**values, created_at=now, updated_at=now)
    made = session.execute(row.on_conflict_do_nothing(index_elements=[Customer.email]).returning(Customer.id))
    customer_id = made.scalar_one_or_none()
    if customer_id is not None:
        publish(session, Event("customer.created", customer_id))
    return customer_id


def _take_over(session: Session, values: dict[str, Any], release: Release) -> int | None:
    guest = update(Customer).where(
        Customer.email == values["email"], Customer.password_hash.is_(None), Customer.disabled_at.is_(None)
    )
    taken = guest.values(**values, phone="", email_proven_at=None, updated_at=clock.now()).returning(Customer.id)
    customer_id = session.execute(taken).scalar_one_or_none()
    if customer_id is not None:
        session.execute(delete(CustomerAddress).where(CustomerAddress.customer_id == customer_id))
        release(session, customer_id)
    return customer_id
