"""Take a customer's review in; it waits for the merchant unless the customer bought the product."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from souk.catalog.models import Product
from souk.kernel import clock
from souk.kernel.events import Event
from souk.kernel.outbox import publish
from souk.reviews.errors import AlreadyReviewed, NoSuchProduct
from souk.reviews.models import Review
from souk.reviews.rating import refresh_rating


@dataclass(frozen=True, slots=True)
class ReviewDraft:
    """`rating` is 1 to 5 stars; `verified` says that the author bought the product here."""

    product_id: int
    customer_id: int | None
    author: str
    rating: int
    title: str = ""
    body: str = ""
    verified: bool = False


def create_review(session: Session, draft: ReviewDraft) -> int:
    """Store a review and return its id; a verified one is published at once.

    Raises:
        NoSuchProduct: also for a product that is not on sale.
        AlreadyReviewed: the customer has written one about this product.

    """
    found = select(Product.id).where(Product.id == draft.product_id, Product.status == "active")
    if session.execute(found).first() is None:
        raise NoSuchProduct
    # The unique index decides and not a look before: two clicks at once must leave one review.
    row = insert(Review).values(**_values(draft)).on_conflict_do_nothing().returning(Review.id)
    review_id = session.execute(row).scalar_one_or_none()
    if review_id is None:
        raise AlreadyReviewed
    if draft.verified:
        refresh_rating(session, draft.product_id)
    publish(session, Event("review.created", review_id, {"product_id": draft.product_id}))
    return review_id


def _values(draft: ReviewDraft) -> dict[str, object]:
    return {
        "product_id": draft.product_id,
        "customer_id": draft.customer_id,
        "author": draft.author,
        "rating": draft.rating,
        "title": draft.title,
        "body": draft.body,
        "status": "published" if draft.verified else "pending",
        "verified": draft.verified,
        "created_at": clock.now(),
    }
