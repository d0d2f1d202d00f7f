"""Tell what was for sale once from what never existed."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.catalog.models import Product

_FOLDER = "/products/"


def was_sold(session: Session, path: str) -> bool:
    """Tell whether the address of a product page names an archived product."""
    if not path.startswith(_FOLDER):
        return False
    query = select(Product.id).where(Product.handle == path.removeprefix(_FOLDER), Product.status == "archived")
    return session.execute(query).first() is not None
