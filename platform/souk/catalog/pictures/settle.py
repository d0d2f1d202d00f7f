"""End an attempt: hang the picture into its product, or note why there is none."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Row, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from souk.catalog.models import Product, ProductMedia, Variant
from souk.catalog.pictures.claim import Wanted
from souk.kernel import clock
from souk.kernel.errors import SoukError
from souk.kernel.events import Event
from souk.kernel.outbox import publish
from souk.media.models import MediaFetch
from souk.media.store import KeptImage, record_image

ATTEMPTS = 6
FIRST_PAUSE = timedelta(minutes=1)


def show_picture(session: Session, wanted: Wanted, kept: KeptImage) -> bool:
    """Give the product its picture; returns False when nobody wants it any more, or another worker brought it."""
    row = _lock(session, wanted.id)
    if row is None:
        return False
    media_id = record_image(session, kept, row.alt).id
    hung = insert(ProductMedia).values(
        product_id=wanted.product_id, media_id=media_id, position=row.position, alt=row.alt
    )
    session.execute(hung.on_conflict_do_nothing(index_elements=["product_id", "media_id"]))
    if row.variant_ids:
        worn = update(Variant).where(Variant.id.in_(row.variant_ids), Variant.product_id == wanted.product_id)
        session.execute(worn.values(media_id=media_id))
    _end(session, wanted.id, status="done", media_id=media_id, error="", error_code="")
    changed = update(Product).where(Product.id == wanted.product_id)
    session.execute(changed.values(version=Product.version + 1, updated_at=clock.now()))
    publish(session, Event("product.updated", wanted.product_id))
    return True


def note_failure(session: Session, wanted: Wanted, error: SoukError, *, again: bool) -> None:
    """Keep the reason; the next attempt waits twice as long as the last, and after the sixth there is none."""
    if _lock(session, wanted.id) is None:
        return
    told = {"error": error.detail, "error_code": error.code}
    if again and wanted.attempts < ATTEMPTS:
        pause = FIRST_PAUSE * 2 ** (wanted.attempts - 1)
        _end(session, wanted.id, status="pending", next_attempt_at=clock.now() + pause, **told)
    else:
        _end(session, wanted.id, status="failed", **told)


def _lock(session: Session, fetch_id: int) -> Row[str, int, list[int]] | None:
    columns = select(MediaFetch.alt, MediaFetch.position, MediaFetch.variant_ids)
    waiting = columns.where(MediaFetch.id == fetch_id, MediaFetch.status == "pending")
    return session.execute(waiting.with_for_update()).first()


def _end(session: Session, fetch_id: int, **values: object) -> None:
    session.execute(update(MediaFetch).where(MediaFetch.id == fetch_id).values(**values, updated_at=clock.now()))
