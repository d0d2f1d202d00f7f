"""Answer a review in public."""

from __future__ import annotations

from sqlalchemy import case, null, update
from sqlalchemy.orm import Session

from souk.kernel import clock
from souk.kernel.events import Event
from souk.kernel.outbox import publish
from souk.reviews.errors import NoSuchReview, ReplyTooLong
from souk.reviews.models import Review

MAX_REPLY = 2_000


def reply_to_review(session: Session, review_id: int, text: str) -> None:
    """Let `text` stand below the review; empty text takes the answer away, the same text changes nothing.

    Raises NoSuchReview, ReplyTooLong.
    """
    reply = text.strip()
    if len(reply) > MAX_REPLY or "\x00" in reply:
        raise ReplyTooLong(MAX_REPLY)
    at = case((Review.reply == reply, Review.replied_at), else_=clock.now() if reply else null())
    changed = update(Review).where(Review.id == review_id).values(reply=reply, replied_at=at)
    product_id = session.execute(changed.returning(Review.product_id)).scalar_one_or_none()
    if product_id is None:
        raise NoSuchReview
    # The product's page shows its reviews.
    publish(session, Event("product.updated", product_id))
