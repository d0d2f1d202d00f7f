"""Tell of stock that began or ceased to be, and keep the catalogue's copy of it."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from souk.kernel.events import Event
from souk.kernel.outbox import Job, once, publish

_REFRESH = text(
    "UPDATE products SET available = fresh.available, version = products.version + 1 FROM ("
    " SELECT EXISTS (SELECT 1 FROM variants v WHERE v.product_id = :product_id AND ("
    "  NOT v.inventory_tracked OR v.inventory_policy = 'continue' OR EXISTS ("
    "   SELECT 1 FROM inventory_levels l WHERE l.variant_id = v.id AND (l.on_hand - l.committed - l.reserved > 0"
    "    OR (l.hot AND EXISTS (SELECT 1 FROM inventory_units u"
    "     WHERE u.level_id = l.id AND u.reservation_id IS NULL)))))) AS available) fresh"
    " WHERE products.id = :product_id AND products.available <> fresh.available RETURNING products.id"
)


def tell_if_crossed(session: Session, *, product_id: int, variant_id: int, before: int, after: int) -> None:
    """Publish `inventory.updated` when a level ran out or came back; every sale would flood the outbox."""
    if (before > 0) == (after > 0):
        return
    tell(session, product_id=product_id, variant_id=variant_id, available=after, crossed_zero=True)


def tell(session: Session, *, product_id: int, variant_id: int, available: int, crossed_zero: bool) -> None:
    payload = {
        "product_id": product_id,
        "variant_id": variant_id,
        "available": max(available, 0),
        "crossed_zero": crossed_zero,
    }
    publish(session, Event("inventory.updated", variant_id, payload))


def refresh_product(session: Session, product_id: int) -> None:
    """Bring `products.available` up to date with the levels, and tell of it where it changed.

    Other consumers may have heard of the sale first and have read the old copy: search and the page cache
    learn from `product.updated` that there is a new one.
    """
    if session.scalar(_REFRESH, {"product_id": product_id}) is not None:
        publish(session, Event("product.updated", product_id))


def refresh_after_sale(job: Job) -> None:
    """Consume `inventory.updated`.

    A sale must not lock the product's row after the level's: a merchant who saves the
    product locks them the other way round, and the two would wait for each other.
    """
    with once(job) as session:
        if job.event.payload.get("crossed_zero"):
            refresh_product(session, job.event.payload["product_id"])
