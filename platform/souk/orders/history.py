"""Which past orders an account shows: those bought with its address, once the address is proven."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from souk.customers.models import Customer
from souk.orders.models import Order


def release_history(session: Session, customer_id: int) -> None:
    """Take the orders from a customer whose address nobody has proven; the merchant finds them by address."""
    session.execute(update(Order).where(Order.customer_id == customer_id).values(customer_id=None))


def claim_history(session: Session, customer_id: int) -> int:
    """Give a proven address the orders that were bought with it as a guest; returns how many."""
    email = (
        select(Customer.email)
        .where(Customer.id == customer_id, Customer.email_proven_at.is_not(None))
        .scalar_subquery()
    )
    claimed = update(Order).where(Order.customer_id.is_(None), Order.email == email)
    return len(session.execute(claimed.values(customer_id=customer_id).returning(Order.id)).all())
