"""Rows of products as searches tell them, kept by this process until the product changes.

The engine proposes ids; what a shopper may see of them is decided by the shop's own rows, which are the same for
every query that finds the product. Prices are those of the catalogue: a market's are laid over them afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app
from sqlalchemy import BigInteger, DateTime, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from souk.catalog.models import Product, ProductMedia
from souk.catalog.tables import media
from souk.kernel import clock
from souk.kernel.statement import Statement
from souk.kernel.tenancy import TenantScope
from souk.web.page_cache.fragments import EXTENSION
from souk.web.page_cache.memory import Memory

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


@dataclass(frozen=True, slots=True)
class _Kept:
    row: Any
    keys: frozenset[str]
    size: int = _SIZE


class ProductRows:
    """One for each request, made before it reads anything: what was read before a purge is not kept after it.

    A row is (id, title, price_min, rating, available, handle, picture, vendor); only products on sale have one.
    `memory` is None where the application runs without the page cache.
    """

    def __init__(self, memory: Memory | None, tenant_id: int) -> None:
        self._memory = memory
        self._tenant_id = tenant_id
        self._purges = memory.purges if memory else 0

    def known(self, ids: Sequence[int]) -> dict[int, Any]:
        """Return the rows that need no statement."""
        if self._memory is None:
            return {}
        get, tenant_id = self._memory.get, self._tenant_id
        found = ((id_, get(tenant_id, _address(id_))) for id_ in ids)
        return {id_: kept.row for id_, kept in found if isinstance(kept, _Kept)}

    def read(self, session: Session, ids: Sequence[int]) -> Mapping[int, Any]:
        """Return the rows of those on sale: one statement for what is not known, none if all are."""
        rows = self.known(ids)
        missing = [id_ for id_ in ids if id_ not in rows]
        if missing:
            for row in _ROWS.all(session, ids=missing, now=clock.now()):
                rows[row.id] = row
                self._keep(row)
        return rows

    def _keep(self, row: Any) -> None:
        if self._memory is not None:
            kept = _Kept(row, frozenset(["settings", f"product-{row.id}"]))
            self._memory.put(self._tenant_id, _address(row.id), kept, self._purges)


def _address(product_id: int) -> tuple[str, int]:
    return "product", product_id


def product_rows(scope: TenantScope) -> ProductRows:
    """Return the rows of a shop."""
    cache = current_app.extensions.get(EXTENSION)
    if cache is not None:
        cache.listen(scope.pod)
    return ProductRows(None if cache is None else cache.rows, scope.tenant_id)
