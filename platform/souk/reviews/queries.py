"""Read reviews."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

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
