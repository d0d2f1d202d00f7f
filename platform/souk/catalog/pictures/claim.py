"""Take pictures in hand that are due, so that no two workers fetch the same one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from souk.kernel import clock
from souk.media.models import MediaFetch

# Longer than one picture may take; when the worker dies, another takes it in hand after this.
LEASE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Wanted:
    id: int
    product_id: int
    url: str
    attempts: int


def claim_due(session: Session, limit: int) -> Sequence[Wanted]:
    """Return up to `limit` due pictures, the oldest first, each with this attempt counted."""
    now = clock.now()
    due = (
        select(MediaFetch.id)
        .where(MediaFetch.status == "pending", MediaFetch.next_attempt_at <= now)
        .order_by(MediaFetch.next_attempt_at, MediaFetch.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    claimed = session.execute(
        update(MediaFetch)
        .where(MediaFetch.id.in_(due.scalar_subquery()))
        .values(attempts=MediaFetch.attempts + 1, next_attempt_at=now + LEASE)
        .returning(MediaFetch.id, MediaFetch.product_id, MediaFetch.url, MediaFetch.attempts)
    )
    return sorted((Wanted(*row) for row in claimed), key=lambda wanted: wanted.id)


def anything_due(session: Session) -> bool:
    due = select(MediaFetch.id).where(MediaFetch.status == "pending", MediaFetch.next_attempt_at <= clock.now())
    return session.execute(due.limit(1)).first() is not None
