"""Relieve a customer of tax, or take the relief back."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from souk.customers.errors import UnknownCustomer
from souk.customers.models import Customer
from souk.kernel import clock


def set_tax_exempt(session: Session, customer_id: int, *, exempt: bool) -> None:
    """Holds for what the customer buys from now on while signed in. Raises UnknownCustomer."""
    changed = (
        update(Customer)
        .where(Customer.id == customer_id)
        .values(tax_exempt=exempt, updated_at=clock.now())
        .returning(Customer.id)
    )
    if session.execute(changed).first() is None:
        raise UnknownCustomer
