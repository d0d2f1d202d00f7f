"""Put products with one variant each into a shop's tables."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from souk.catalog.models import Product, Variant

PUBLISHED = datetime(2025, 1, 1, tzinfo=UTC)


def save(session: Session, title: str, **columns: Any) -> int:
    values: dict[str, Any] = {"status": "active", "published_at": PUBLISHED, "price_min": 1000, "price_max": 1000}
    values |= {"handle": title.lower().replace(" ", "-"), "title": title} | columns
    sku = values.pop("sku", "")
    product_id = session.scalars(insert(Product).values(values).returning(Product.id)).one()
    session.execute(insert(Variant).values(product_id=product_id, price=values["price_min"], sku=sku))
    return product_id
