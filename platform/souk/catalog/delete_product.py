"""Delete a product with its variants and pictures; order lines are snapshots and stay."""

from __future__ import annotations

from sqlalchemy import delete
from sqlalchemy.orm import Session

from souk.catalog.errors import ProductMissing
from souk.catalog.models import Product
from souk.kernel.events import Event
from souk.kernel.outbox import publish


def delete_product(session: Session, product_id: int) -> None:
    """Raises ProductMissing."""
    handle = session.execute(
        delete(Product).where(Product.id == product_id).returning(Product.handle)
    ).scalar_one_or_none()
    if handle is None:
        raise ProductMissing
    publish(session, Event("product.deleted", product_id, {"handle": handle}))
