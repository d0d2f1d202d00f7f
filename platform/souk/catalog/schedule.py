"""Tell caches and search when a product's hour has come."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from souk.catalog.models import Product
from souk.catalog.update_product import touch_products
from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.tenancy import Scope

BATCH = 500


def announce_due(scope: Scope) -> int:
    """Announce the products of one shop that became visible by themselves; returns how many. Twice is harmless."""
    with transaction(scope) as session:
        return len(announce(session))


def announce(session: Session) -> list[int]:
    due = select(Product.id).where(Product.scheduled, Product.published_at <= clock.now())
    # Another worker may be at it: what it has locked, it announces.
    ids = list(session.scalars(due.order_by(Product.id).limit(BATCH).with_for_update(skip_locked=True)))
    session.execute(update(Product).where(Product.id.in_(ids)).values(scheduled=False))
    touch_products(session, ids)
    return ids
