"""Put a customer into groups."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import update
from sqlalchemy.orm import Session

from souk.customers.errors import UnknownCustomer
from souk.customers.models import Customer

MAX_TAGS = 50
MAX_LENGTH = 60


def set_tags(session: Session, customer_id: int, tags: Iterable[str]) -> None:
    """Replace the tags, kept trimmed and in lower case, 50 at most; raises UnknownCustomer."""
    kept = sorted({tag.strip().lower()[:MAX_LENGTH] for tag in tags if tag.strip()})[:MAX_TAGS]
    changed = update(Customer).where(Customer.id == customer_id).values(tags=kept).returning(Customer.id)
    if session.execute(changed).first() is None:
        raise UnknownCustomer
