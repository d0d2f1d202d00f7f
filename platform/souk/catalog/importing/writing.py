"""Write a batch of products in a handful of statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from souk.catalog.categories import ensure_category
from souk.catalog.copies import refresh_copies
from souk.catalog.importing.parsing import ImportedProduct
from souk.catalog.importing.stock import StockRow, write_stock
from souk.catalog.importing.upsert import upsert
from souk.catalog.models import Product, Variant
from souk.catalog.save_product import product_values, variant_values
from souk.kernel import clock
from souk.kernel.events import Event
from souk.kernel.outbox import publish

# What the file does not know, a merchant may have written since.
_KEPT = frozenset(["specifications", "template_suffix", "published_at", "created_at"])
_VARIANT_KEY = ("product_id", "option1", "option2", "option3")
_VARIANT_KEPT = frozenset(["tax_class", "media_id"])


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
    columns = ("id", "handle", "(xmax = 0) AS created")
    found = upsert(session, Product, rows, key=("handle",), kept=_KEPT, returning=columns)
    return {row.handle: row.id for row in found}, sum(1 for row in found if row.created)


def _variants(session: Session, products: dict[str, ImportedProduct], ids: dict[str, int]) -> None:
    rows: list[dict[str, Any]] = []
    stock: list[tuple[int | None, bool]] = []
    for handle, product in products.items():
        for position, variant in enumerate(product.draft.variants, 1):
            rows.append(variant_values(ids[handle], position, variant))
            stock.append((product.stock[position - 1], variant.inventory_policy == "continue"))
    found = upsert(session, Variant, rows, key=_VARIANT_KEY, kept=_VARIANT_KEPT, returning=("id", *_VARIANT_KEY))
    written: dict[tuple[Any, ...], int] = {tuple(row[1:]): row.id for row in found}
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
