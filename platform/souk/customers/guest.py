"""Note who buys without an account: the merchant sees one customer, however often they come back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from souk.customers.models import Customer
from souk.kernel import clock
from souk.kernel.email_address import normalize_email
from souk.kernel.events import Event
from souk.kernel.outbox import publish
from souk.kernel.statement import Statement

_NAME_LENGTH = 120
_PHONE_LENGTH = 40


@dataclass(frozen=True, slots=True)
class Guest:
    email: str
    name: str = ""
    phone: str = ""
    locale: str = "en"
    accepts_marketing: bool = False


# The lock keeps an account from being opened over this customer between this look and the order.
_KNOWN = Statement[Any](
    select(Customer.id, Customer.password_hash, Customer.email_proven_at, Customer.accepts_marketing)
    .where(Customer.email == bindparam("email"))
    .with_for_update(read=True)
)


def recognize_guest(session: Session, guest: Guest) -> int | None:
    """Return the customer that the guest's order belongs to, made without a password when the address is new.

    None when an account holds the address without having proven it: whoever opened that account would
    read what somebody else bought. The order is claimed once the address is proven.
    """
    address, now = normalize_email(guest.email), clock.now()
    row = _KNOWN.first(session, email=address)
    if row is None:
        made = _insert(session, address, guest)
        if made is not None:
            return made
        row = _KNOWN.one(session, email=address)
    if row.password_hash is not None and row.email_proven_at is None:
        return None
    if guest.accepts_marketing and not row.accepts_marketing:
        changed = update(Customer).where(Customer.id == row.id)
        session.execute(changed.values(accepts_marketing=True, marketing_consent_at=now))
    customer_id: int = row.id
    return customer_id


def _insert(session: Session, address: str, guest: Guest) -> int | None:
    now = clock.now()
    row = insert(Customer).values(
        email=address,
        name=guest.name[:_NAME_LENGTH],
        phone=guest.phone[:_PHONE_LENGTH],
        locale=guest.locale,
        accepts_marketing=guest.accepts_marketing,
        marketing_consent_at=now if guest.accepts_marketing else None,
        created_at=now,
        updated_at=now,
    )
    made = session.execute(row.on_conflict_do_nothing(index_elements=[Customer.email]).returning(Customer.id))
    customer_id = made.scalar_one_or_none()
    if customer_id is not None:
        publish(session, Event("customer.created", customer_id))
    return customer_id
