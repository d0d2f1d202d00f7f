"""What the merchant is told of pictures that did not come, and the second chance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from souk.catalog.models import Product
from souk.kernel import clock
from souk.kernel.events import Event
from souk.kernel.outbox import publish
from souk.media.models import MediaFetch


def count_fetches(session: Session) -> dict[str, int]:
    """Return how many pictures are `pending`, `done` and `failed`."""
    counted = session.execute(select(MediaFetch.status, func.count()).group_by(MediaFetch.status))
    return {"pending": 0, "done": 0, "failed": 0} | {row[0]: row[1] for row in counted}


def list_failed(session: Session, *, limit: int = 200) -> Sequence[Any]:
    """Return (id, url, error, attempts, updated_at, product_id, title) of failed pictures, newest first."""
    columns = (MediaFetch.id, MediaFetch.url, MediaFetch.error, MediaFetch.attempts, MediaFetch.updated_at)
    failed = select(*columns, Product.id.label("product_id"), Product.title)
    failed = failed.join(Product, Product.id == MediaFetch.product_id).where(MediaFetch.status == "failed")
    return session.execute(failed.order_by(MediaFetch.updated_at.desc(), MediaFetch.id.desc()).limit(limit)).all()


def try_again(session: Session) -> int:
    """Make every failed picture wait for a job again; returns how many."""
    now = clock.now()
    waiting = update(MediaFetch).where(MediaFetch.status == "failed").returning(MediaFetch.id)
    ids = session.scalars(waiting.values(status="pending", attempts=0, next_attempt_at=now, updated_at=now)).all()
    if ids:
        publish(session, Event("media.wanted", 0))
    return len(ids)
