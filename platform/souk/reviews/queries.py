"""Read reviews."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from souk.catalog.models import Product
from souk.reviews.models import Review

PAGE_SIZE = 10


@dataclass(frozen=True, slots=True)
class ReviewRow:
    id: int
    author: str
    rating: int
    title: str
    body: str
    status: str
    verified: bool
    created_at: datetime


def list_reviews(
    session: Session, product_id: int, *, status: str = "published", page: int = 1, limit: int = PAGE_SIZE
) -> tuple[list[ReviewRow], int]:
    """Return one page of a product's reviews, newest first, and how many there are."""
    where = (Review.product_id == product_id, Review.status == status)
    query = (
        select(
            Review.id,
            Review.author,
            Review.rating,
            Review.title,
            Review.body,
            Review.status,
            Review.verified,
            Review.created_at,
        )
        .where(*where)
        .order_by(Review.created_at.desc(), Review.id.desc())
        .offset((page - 1) * limit)
        .limit(limit)
    )
    rows = [ReviewRow(*row) for row in session.execute(query)]
    return rows, session.execute(select(func.count()).select_from(Review).where(*where)).scalar_one()


@dataclass(frozen=True, slots=True)
class ModeratedReview:
    """A review as staff see it."""

    id: int
    product_id: int
    product_title: str
    author: str
    rating: int
    title: str
    body: str
    status: str
    verified: bool
    reply: str
    replied_at: datetime | None
    created_at: datetime


def browse_reviews(
    session: Session, *, status: str = "", query: str = "", page: int = 1, limit: int = PAGE_SIZE
) -> tuple[list[ModeratedReview], int]:
    """Return a page of all the shop's reviews, newest first, and how many match; `query` looks into every text."""
    where = [Review.status == status] if status else []
    if query:
        texts = (Review.author, Review.title, Review.body, Product.title)
        where.append(or_(*(text.icontains(query, autoescape=True) for text in texts)))
    columns = (
        Review.id, Review.product_id, Product.title, Review.author, Review.rating, Review.title, Review.body,
        Review.status, Review.verified, Review.reply, Review.replied_at, Review.created_at,
    )  # fmt: skip
    joined = select(*columns).join(Product, Product.id == Review.product_id).where(*where)
    newest = joined.order_by(Review.created_at.desc(), Review.id.desc())
    rows = [ModeratedReview(*list(row)) for row in session.execute(newest.offset((page - 1) * limit).limit(limit))]
    counted = select(func.count()).select_from(Review).join(Product, Product.id == Review.product_id).where(*where)
    return rows, session.execute(counted).scalar_one()


def count_by_status(session: Session) -> dict[str, int]:
    """Return how many reviews have each status."""
    counted = session.execute(select(Review.status, func.count()).group_by(Review.status))
    return {row[0]: row[1] for row in counted}
