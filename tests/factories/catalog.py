"""Products for tests."""

from __future__ import annotations

from itertools import count
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from souk.catalog.models import Product, Variant
from souk.inventory.adjust import set_on_hand
from souk.kernel import clock

_numbers = count(1)


def make_product(
    session: Session,
    title: str = "Mug",
    price: int = 1_000,
    stock: int | None = 10,
    *,
    variants: int = 1,
    status: str = "active",
    **variant: Any,
) -> list[int]:
    """Make a product and return its variants' ids; `price` in minor units, `stock` for each variant, None uncounted."""
    number = next(_numbers)
    row = insert(Product).values(
        handle=f"{title.lower().replace(' ', '-')}-{number}",
        title=title,
        status=status,
        published_at=clock.now(),
        price_min=price,
        price_max=price,
        updated_at=clock.now(),
    )
    product_id = session.execute(row.returning(Product.id)).scalar_one()
    values = {"inventory_tracked": stock is not None, "price": price, "weight_grams": 500, **variant}
    rows = [
        {"product_id": product_id, "sku": f"SKU-{number}-{n}", "option1": f"V{n}", "position": n, **values}
        for n in range(1, variants + 1)
    ]
    written = insert(Variant).returning(Variant.id, sort_by_parameter_order=True)
    ids = list(session.execute(written, rows).scalars())
    for variant_id in ids if stock is not None else ():
        set_on_hand(session, variant_id, None, stock or 0, "received", "staff:1")
    return ids
