"""Read a page of found products: one statement, built once, because a search is asked hundreds of times a second."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, DateTime, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from souk.catalog.models import Product
from souk.kernel import clock
from souk.kernel.statement import Statement
from souk.web.api.shop.product_rows import first_picture

_ROWS = Statement[Any](
    select(
        Product.id,
        Product.title,
        Product.price_min,
        Product.rating,
        Product.available,
        Product.handle,
        first_picture().label("picture"),
    ).where(
        Product.id == any_(bindparam("ids", type_=ARRAY(BigInteger))),
        Product.status == "active",
        Product.published_at <= bindparam("now", type_=DateTime(timezone=True)),
    )
)


def summary_rows(session: Session, product_ids: Sequence[int]) -> dict[int, Any]:
    """Return id, title, price_min, rating, available, handle, picture of the products on sale among `product_ids`."""
    found = _ROWS.all(session, ids=list(product_ids), now=clock.now())
    return {row[0]: row for row in found}
