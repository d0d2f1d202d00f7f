"""Small reads of other domains that only pages need."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Select, any_, bindparam, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from souk.catalog.models import Product
from souk.kernel.statement import Statement
from souk.media.models import Media
from souk.reviews.models import Review
from themes import rows

MAX_REVIEWS = 10


def images_by_key(session: Session, keys: Sequence[str]) -> dict[str, rows.ImageRow]:
    """Return stored pictures by storage key, as theme settings name them."""
    return {row.key: row for row in _images(session, Media.storage_key.in_(keys))}


def images_by_id(session: Session, ids: Sequence[int]) -> dict[int, rows.ImageRow]:
    return {row.id: row for row in _images(session, Media.id.in_(ids))}


def _images(session: Session, chosen: ColumnElement[bool]) -> list[rows.ImageRow]:
    columns = select(Media.id, Media.storage_key, Media.alt, Media.width, Media.height, Media.focal_x, Media.focal_y)
    found = session.execute(columns.where(chosen))
    return [rows.ImageRow(*row[:5], focus=_focus(row.focal_x, row.focal_y)) for row in found]


def _focus(left: int, top: int) -> str:
    return "" if (left, top) == (50, 50) else f"{left}% {top}%"


def _newest_reviews() -> Select[Any]:
    place = func.row_number().over(partition_by=Review.product_id, order_by=Review.created_at.desc())
    ranked = (
        select(
            Review.product_id, Review.author, Review.rating, Review.title, Review.body, Review.created_at,
            Review.verified, Review.reply, place.label("place"),
        )
        .where(
            Review.product_id == any_(bindparam("product_ids", type_=ARRAY(BigInteger))), Review.status == "published"
        )
        .subquery()
    )  # fmt: skip
    query = select(*list(ranked.c)[:8]).where(ranked.c.place <= MAX_REVIEWS)
    return query.order_by(ranked.c.product_id, ranked.c.place)


def newest_reviews() -> ColumnElement[Any]:
    """Return the column of a product's newest published reviews, as JSON or null."""
    columns = (
        Review.author, Review.rating, Review.title, Review.body, Review.created_at, Review.verified, Review.reply,
    )  # fmt: skip
    own = select(*columns).where(Review.product_id == Product.id, Review.status == "published").correlate(Product)
    newest = own.order_by(Review.created_at.desc()).limit(MAX_REVIEWS).subquery()
    every = func.jsonb_agg(aggregate_order_by(func.jsonb_build_array(*newest.c), newest.c.created_at.desc()))
    return select(every).select_from(newest).scalar_subquery()


_REVIEWS = Statement[tuple[Any, ...]](_newest_reviews(), lambda *row: row)


def reviews_of(session: Session, product_ids: Sequence[int]) -> dict[int, list[rows.ReviewRow]]:
    """Return at most 10 published reviews of each product, newest first."""
    found: dict[int, list[rows.ReviewRow]] = defaultdict(list)
    for product_id, *review in _REVIEWS.all(session, product_ids=list(product_ids)):
        found[product_id].append(rows.ReviewRow(*review))
    return dict(found)
