"""Put products on sale, back to draft, or into the archive."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import case, update
from sqlalchemy.orm import Session

from souk.catalog.errors import ProductInvalid
from souk.catalog.models import PRODUCT_STATUSES, Product
from souk.catalog.update_product import touch_products
from souk.kernel import clock


def set_status(session: Session, product_ids: Sequence[int], status: str) -> list[int]:
    """Give these products the status and return the ids of those that changed; raises ProductInvalid.

    One that goes on sale for the first time is published now; a time that was set before stays.
    """
    if status not in PRODUCT_STATUSES:
        raise ProductInvalid("status", f"choose one of {', '.join(PRODUCT_STATUSES)}.")
    values = {"status": status, "updated_at": clock.now()}
    if status == "active":
        values["published_at"] = case((Product.published_at.is_(None), clock.now()), else_=Product.published_at)
    wanted = update(Product).where(Product.id.in_(product_ids), Product.status != status)
    changed = sorted(session.scalars(wanted.values(**values).returning(Product.id)))
    touch_products(session, changed)
    return changed
