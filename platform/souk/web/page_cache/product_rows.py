"""Rows of products as searches tell them, kept by this process until the product changes.

The engine proposes ids; what a shopper may see of them is decided by the shop's own rows, which are the same for
every query that finds the product. Prices are those of the catalogue: a market's are laid over them afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import BigInteger, DateTime, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from souk.catalog.models import Product, ProductMedia
from souk.catalog.tables import media
from souk.kernel import clock
from souk.kernel.statement import Statement
from souk.kernel.tenancy import TenantScope
from souk.web.page_cache.keeper import Keeper, row_keeper

_SIZE = 1_000
_PICTURE = (
    select(media.c.storage_key)
    .join(ProductMedia, ProductMedia.media_id == media.c.id)
    .where(ProductMedia.product_id == Product.id)
    .order_by(ProductMedia.position, ProductMedia.id)
    .limit(1)
    .correlate(Product)
    .scalar_subquery()
    .label("picture")
)
_ROWS = Statement[Any](
    select(
        Product.id, Product.title, Product.price_min, Product.rating, Product.available, Product.handle, _PICTURE,
        Product.vendor,
    ).where(
        Product.id == any_(bindparam("ids", type_=ARRAY(BigInteger))),
        Product.status == "active",
        Product.published_at <= bindparam("now", type_=DateTime(timezone=True)),
    )
)  # fmt: skip


class ProductRows:
    """One for each request, made before it reads anything.

    A row is (id, title, price_min, rating, available, handle, picture, vendor); only products on sale have one.
    """

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper

    def known(self, ids: Sequence[int]) -> dict[int, Any]:
        """Return the rows that need no statement."""
        get = self._keeper.get
        return {id_: row for id_ in ids if (row := get(("product", id_))) is not None}

    def read(self, session: Session, ids: Sequence[int]) -> Mapping[int, Any]:
        """Return the rows of those on sale: one statement for what is not known, none if all are."""
        rows = self.known(ids)
        missing = [id_ for id_ in ids if id_ not in rows]
        if missing:
            for row in _ROWS.all(session, ids=missing, now=clock.now()):
                rows[row.id] = row
                self._keeper.keep(("product", row.id), row, [f"product-{row.id}"], _SIZE)
        return rows


def product_rows(scope: TenantScope) -> ProductRows:
    """Return the rows of a shop."""
    return ProductRows(row_keeper(scope))
