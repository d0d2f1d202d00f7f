"""Copy a product as a draft: texts, variants, pictures and collections, without stock and reviews."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert, literal, select
from sqlalchemy.orm import Session

from souk.catalog.copies import refresh_copies
from souk.catalog.drafts import MAX_TITLE
from souk.catalog.errors import ProductMissing
from souk.catalog.handles import free_handle, slugify
from souk.catalog.models import Collection, CollectionProduct, Product, ProductMedia, Variant
from souk.kernel.events import Event
from souk.kernel.outbox import publish

_FRESH = {"id", "handle", "title", "status", "published_at", "scheduled", "rating", "rating_count", "version",
          "available", "created_at", "updated_at"}  # fmt: skip


def duplicate_product(session: Session, product_id: int, title: str = "") -> int:
    """Return the id of the copy, called `title` or "Copy of ..."; raises ProductMissing.

    SKUs and barcodes stay on the original: two variants with one number would be counted as one by a warehouse.
    """
    found = session.execute(select(Product.title).where(Product.id == product_id)).first()
    if found is None:
        raise ProductMissing
    title = (title.strip() or f"Copy of {found.title}")[:MAX_TITLE]
    handle = free_handle(session, Product.handle, slugify(title), key=Product.id)
    own = {"handle": handle, "title": title, "status": "draft"}
    copied = [column for column in Product.__table__.c if column.name not in _FRESH]
    made = _copy(session, Product, copied, own, Product.id == product_id)
    _copy_parts(session, product_id, made)
    refresh_copies(session, [made])
    publish(session, Event("product.created", made))
    return made


def _copy_parts(session: Session, product_id: int, made: int) -> None:
    parts: list[tuple[Any, set[str], Any]] = [
        (Variant, {"sku", "barcode"}, Variant.product_id == product_id),
        (ProductMedia, set(), ProductMedia.product_id == product_id),
        (CollectionProduct, set(), (CollectionProduct.product_id == product_id)
         & CollectionProduct.collection_id.in_(select(Collection.id).where(Collection.rules.is_(None)))),
    ]  # fmt: skip
    for model, left_out, where in parts:
        columns = [column for column in model.__table__.c if column.name not in {"id", "product_id", *left_out}]
        _copy(session, model, columns, {"product_id": made}, where)


def _copy(session: Session, model: Any, columns: list[Any], own: dict[str, Any], where: Any) -> int:
    """Insert the matching rows again with `own` in place of some columns; returns the last new id, or 0."""
    values = [*columns, *(literal(value).label(name) for name, value in own.items())]
    query = insert(model).from_select([column.name for column in values], select(*values).where(where))
    ids = list(session.scalars(query.returning(model.id)))
    return ids[-1] if ids else 0
