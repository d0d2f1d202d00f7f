"""Write a batch of products in a handful of statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from sqlalchemy import Table, delete, literal_column
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from souk.catalog.categories import ensure_category
from souk.catalog.copies import refresh_copies
from souk.catalog.importing.parsing import ImportedProduct
from souk.catalog.importing.stock import StockRow, write_stock
from souk.catalog.models import Product, Variant
from souk.catalog.save_product import product_values, variant_values
from souk.kernel import clock
from souk.kernel.events import Event
from souk.kernel.outbox import publish

# Plain tables: the driver then sends many rows with one compiled statement, three times as fast.
_PRODUCTS = cast("Table", Product.__table__)
_VARIANTS = cast("Table", Variant.__table__)
# What the file does not know, a merchant may have written since.
_KEPT = frozenset(["handle", "specifications", "template_suffix", "published_at", "created_at"])
_VARIANT_KEPT = frozenset(["product_id", "option1", "option2", "option3", "tax_class", "media_id"])


@dataclass(frozen=True, slots=True)
class Written:
    created: int
    updated: int


def write_batch(
    session: Session, products: Sequence[ImportedProduct], categories: dict[tuple[str, ...], int | None]
) -> Written:
    """Add new products and update those whose handle the shop has; `categories` remembers ids between batches."""
    # The last of two products with one handle wins: one statement cannot touch a row twice.
    unique = {product.handle: product for product in products}
    ids, created = _products(session, list(unique.values()), categories)
    _variants(session, unique, ids)
    refresh_copies(session, list(ids.values()))
    publish(session, Event("products.imported", 0, {"product_ids": sorted(ids.values())}))
    return Written(created, len(ids) - created)


def _products(
    session: Session, products: Sequence[ImportedProduct], categories: dict[tuple[str, ...], int | None]
) -> tuple[dict[str, int], int]:
    rows = []
    for product in products:
        if product.category not in categories:
            categories[product.category] = ensure_category(session, product.category)
        draft = replace(product.draft, category_id=categories[product.category])
        rows.append({**product_values(draft), "handle": product.handle, "updated_at": clock.now()})
    row = insert(_PRODUCTS)
    changed: dict[str, Any] = {name: row.excluded[name] for name in rows[0] if name not in _KEPT}
    written = row.on_conflict_do_update(index_elements=["handle"], set_=changed).returning(
        _PRODUCTS.c.id, _PRODUCTS.c.handle, literal_column("(xmax = 0)").label("created")
    )
    found = session.execute(written, rows).all()
    return {handle: product_id for product_id, handle, _ in found}, sum(1 for one in found if one.created)


def _variants(session: Session, products: dict[str, ImportedProduct], ids: dict[str, int]) -> None:
    rows: list[dict[str, Any]] = []
    stock: list[tuple[int | None, bool]] = []
    for handle, product in products.items():
        for position, variant in enumerate(product.draft.variants, 1):
            rows.append(variant_values(ids[handle], position, variant))
            stock.append((product.stock[position - 1], variant.inventory_policy == "continue"))
    written = _upsert(session, rows)
    keys = [(row["product_id"], row["option1"], row["option2"], row["option3"]) for row in rows]
    session.execute(delete(Variant).where(Variant.product_id.in_(ids.values()), Variant.id.not_in(written.values())))
    write_stock(
        session,
        [
            StockRow(written[key], quantity, oversellable)
            for key, (quantity, oversellable) in zip(keys, stock, strict=True)
            if quantity is not None
        ],
    )


def _upsert(session: Session, rows: Sequence[dict[str, Any]]) -> dict[tuple[Any, ...], int]:
    columns = [_VARIANTS.c[name] for name in ("product_id", "option1", "option2", "option3")]
    row = insert(_VARIANTS)
    changed: dict[str, Any] = {name: row.excluded[name] for name in rows[0] if name not in _VARIANT_KEPT}
    written = row.on_conflict_do_update(index_elements=columns, set_=changed).returning(_VARIANTS.c.id, *columns)
    return {tuple(found[1:]): found[0] for found in session.execute(written, rows)}
