"""The address book of a customer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from souk.addresses.complete import missing_fields, wrong_postal_code, wrong_state
from souk.addresses.errors import AddressIncomplete, NotOfCountry
from souk.addresses.fields import clean_address
from souk.customers.errors import TooManyAddresses, UnknownAddress
from souk.customers.models import Customer, CustomerAddress

MOST_ADDRESSES = 50


@dataclass(frozen=True, slots=True)
class AddressRecord:
    """`address`: {name, line1, line2, city, state, postal_code, country, phone}, and company and tax_number if any."""

    id: int
    address: dict[str, str]
    is_default: bool


_COLUMNS = (CustomerAddress.id, CustomerAddress.address, CustomerAddress.is_default)


def list_addresses(session: Session, customer_id: int) -> list[AddressRecord]:
    """Return the customer's addresses, the default one first."""
    rows = session.execute(
        select(*_COLUMNS)
        .where(CustomerAddress.customer_id == customer_id)
        .order_by(CustomerAddress.is_default.desc(), CustomerAddress.id)
    )
    return [AddressRecord(*row) for row in rows]


def read_address(session: Session, customer_id: int, address_id: int) -> AddressRecord:
    """Return one of the customer's own addresses; raises UnknownAddress."""
    row = session.execute(select(*_COLUMNS).where(*_own(customer_id, address_id))).first()
    if row is None:
        raise UnknownAddress
    return AddressRecord(*row)


def add_address(session: Session, customer_id: int, address: Mapping[str, Any], *, is_default: bool = False) -> int:
    """Keep an address and return its number; the first one is the default.

    Raises:
        BadAddress, TooManyAddresses: nothing was kept.

    """
    cleaned = _whole(address)
    # The customer's row is the lock: without it two requests could both pass the limit, or both be first. Not against
    # keys: two orders of one customer refer to the row already, and each would wait for the other.
    session.execute(select(Customer.id).where(Customer.id == customer_id).with_for_update(key_share=True))
    counted = select(func.count(CustomerAddress.id)).where(CustomerAddress.customer_id == customer_id)
    present = session.execute(counted).scalar_one()
    if present >= MOST_ADDRESSES:
        raise TooManyAddresses(MOST_ADDRESSES)
    added = insert(CustomerAddress).values(customer_id=customer_id, address=cleaned, is_default=False)
    address_id = session.execute(added.returning(CustomerAddress.id)).scalar_one()
    if is_default or present == 0:
        make_default(session, customer_id, address_id)
    return address_id


def _whole(address: Mapping[str, Any]) -> dict[str, str]:
    cleaned = clean_address(address)
    for field in missing_fields(cleaned):
        raise AddressIncomplete(field, cleaned["country"])
    if example := wrong_postal_code(cleaned):
        raise NotOfCountry("postal_code", f"This is no postal code of {cleaned['country']}; one looks like {example}.")
    if wrong_state(cleaned):
        raise NotOfCountry("state", f"{cleaned['country']} has no such state; give its ISO 3166-2 code.")
    return cleaned


def change_address(session: Session, customer_id: int, address_id: int, address: Mapping[str, Any]) -> None:
    """Replace an address; raises BadAddress, UnknownAddress."""
    changed = update(CustomerAddress).where(*_own(customer_id, address_id)).values(address=_whole(address))
    if session.execute(changed.returning(CustomerAddress.id)).first() is None:
        raise UnknownAddress


def make_default(session: Session, customer_id: int, address_id: int) -> None:
    """Let checkouts begin with this address; raises UnknownAddress."""
    read_address(session, customer_id, address_id)
    session.execute(
        update(CustomerAddress)
        .where(CustomerAddress.customer_id == customer_id)
        .values(is_default=CustomerAddress.id == address_id)
    )


def remove_address(session: Session, customer_id: int, address_id: int) -> None:
    """Forget an address; orders keep their own copy. Raises UnknownAddress."""
    removed = delete(CustomerAddress).where(*_own(customer_id, address_id)).returning(CustomerAddress.id)
    if session.execute(removed).first() is None:
        raise UnknownAddress


def _own(customer_id: int, address_id: int) -> tuple[Any, Any]:
    return CustomerAddress.id == address_id, CustomerAddress.customer_id == customer_id
