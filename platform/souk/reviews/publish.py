"""Show a waiting review to everybody, or hide a shown one."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from souk.reviews.errors import NoSuchReview
from souk.reviews.models import Review
from souk.reviews.rating import refresh_rating


def publish_review(session: Session, review_id: int) -> None:
    """Show a review and count it; one that is shown already stays as it is."""
    _set_status(session, review_id, "published")


def hide_review(session: Session, review_id: int) -> None:
    """Take a review out of sight and out of the rating."""
    _set_status(session, review_id, "hidden")


def _set_status(session: Session, review_id: int, status: str) -> None:
    changed = update(Review).where(Review.id == review_id).values(status=status).returning(Review.product_id)
    product_id = session.execute(changed).scalar_one_or_none()
    if product_id is None:
        raise NoSuchReview
    refresh_rating(session, product_id)
