"""Add and remove tags of many products at once."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from souk.catalog.drafts import MAX_TAGS, MAX_TEXT
from souk.catalog.errors import ProductInvalid
from souk.catalog.models import Product
from souk.catalog.update_product import touch_products


def tag_products(session: Session, product_ids: Sequence[int], tags: Sequence[str]) -> list[int]:
    """Add the tags where they are missing; returns the ids of those that changed. Raises ProductInvalid."""
    wanted = _checked(tags)
    has_all = Product.tags.contains(wanted)
    crowded = func.cardinality(Product.tags) + len(wanted) > MAX_TAGS
    full = select(Product.id).where(Product.id.in_(product_ids), ~has_all, crowded)
    if session.execute(full.limit(1)).first() is not None:
        raise ProductInvalid("tags", f"a product has at most {MAX_TAGS} tags.")
    changed: set[int] = set()
    for tag in wanted:
        missing = update(Product).where(Product.id.in_(product_ids), ~Product.tags.contains([tag]))
        grown = missing.values(tags=func.array_append(Product.tags, tag))
        changed.update(session.scalars(grown.returning(Product.id)))
    return _touched(session, changed)


def untag_products(session: Session, product_ids: Sequence[int], tags: Sequence[str]) -> list[int]:
    """Take the tags away; returns the ids of those that changed. Raises ProductInvalid."""
    changed: set[int] = set()
    for tag in _checked(tags):
        having = update(Product).where(Product.id.in_(product_ids), Product.tags.contains([tag]))
        shrunk = having.values(tags=func.array_remove(Product.tags, tag))
        changed.update(session.scalars(shrunk.returning(Product.id)))
    return _touched(session, changed)


def _checked(tags: Sequence[str]) -> list[str]:
    wanted = list(dict.fromkeys(tag.strip() for tag in tags if tag.strip()))
    if not wanted or any(len(tag) > MAX_TEXT or "\x00" in tag for tag in wanted):
        raise ProductInvalid("tags", f"write tags of 1 to {MAX_TEXT} characters, apart by commas.")
    return wanted


def _touched(session: Session, changed: set[int]) -> list[int]:
    ids = sorted(changed)
    touch_products(session, ids)
    return ids
