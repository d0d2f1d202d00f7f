"""Look up customers of the shop whose session is given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from souk.customers.errors import UnknownCustomer
from souk.customers.models import Customer


@dataclass(frozen=True, slots=True)
class CustomerRecord:
    """`registered` is false for somebody who has only bought as a guest."""

    id: int
    email: str
    name: str
    phone: str
    locale: str
    accepts_marketing: bool
    note: str
    registered: bool
    disabled_at: datetime | None
    created_at: datetime
    email_proven: bool
    tags: Sequence[str] = ()
    tax_exempt: bool = False


# Twelve columns are more than SQLAlchemy's typed select() follows.
COLUMNS: tuple[Any, ...] = (
    Customer.id,
    Customer.email,
    Customer.name,
    Customer.phone,
    Customer.locale,
    Customer.accepts_marketing,
    Customer.note,
    Customer.password_hash.is_not(None),
    Customer.disabled_at,
    Customer.created_at,
    Customer.email_proven_at.is_not(None),
    Customer.tags,
    Customer.tax_exempt,
)


def read_customer(session: Session, customer_id: int) -> CustomerRecord:
    """Return one customer; raises UnknownCustomer."""
    row = session.execute(select(*COLUMNS).where(Customer.id == customer_id)).first()
    if row is None:
        raise UnknownCustomer
    return CustomerRecord(*row)


def is_tax_exempt(session: Session, customer_id: int) -> bool:
    return bool(session.execute(select(Customer.tax_exempt).where(Customer.id == customer_id)).scalar())


def list_customers(
    session: Session, *, query: str = "", page: int = 1, limit: int = 50
) -> tuple[list[CustomerRecord], int]:
    """Return one page, newest first, and the number of all that match `query` in name or email."""
    wanted = []
    if query.strip():
        pattern = f"%{_escaped(query.strip().lower())}%"
        wanted.append(or_(Customer.email.like(pattern), func.lower(Customer.name).like(pattern)))
    rows = session.execute(
        select(*COLUMNS).where(*wanted).order_by(Customer.id.desc()).limit(limit).offset((page - 1) * limit)
    )
    total = session.execute(select(func.count(Customer.id)).where(*wanted)).scalar_one()
    return [CustomerRecord(*row) for row in rows], total


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
