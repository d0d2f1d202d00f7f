"""Tell of stock that began or ceased to be, and keep the catalogue's copy of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from sqlalchemy import text
from sqlalchemy.orm import Session

from souk.catalog.copies import sellable
from souk.kernel.events import Event
from souk.kernel.outbox import Job, once, publish

_REFRESH = """
UPDATE products SET available = fresh.available, version = products.version + 1
FROM (
  SELECT v.product_id, bool_or({sellable}) AS available FROM variants v WHERE {which} GROUP BY v.product_id
) fresh
WHERE products.id = fresh.product_id AND products.available <> fresh.available
RETURNING products.id
"""
_REFRESH_ONE = text(_REFRESH.format(sellable=sellable("v"), which="v.product_id = :product_id"))
_REFRESH_MANY = text(
    _REFRESH.format(
        sellable=sellable("v"),
        which="""v.product_id IN (
    SELECT product_id FROM variants WHERE id = ANY(:variant_ids)
    UNION
    SELECT w.product_id FROM bundle_components c JOIN variants w ON w.id = c.bundle_id
    WHERE c.component_id = ANY(:variant_ids))""",
    )
)
_BUNDLES_WITH = text("""
SELECT DISTINCT v.product_id FROM bundle_components c JOIN variants v ON v.id = c.bundle_id
WHERE c.component_id = ANY(:variant_ids) ORDER BY v.product_id
""")
# As many products as one `products.imported` names.
BATCH = 500


class Limits(Protocol):
    """A row of a level with `LIMITS` among its columns."""

    @property
    def low_stock_at(self) -> int | None: ...

    @property
    def ahead(self) -> int | None: ...

    @property
    def bundled(self) -> int | None: ...


def tell_if_crossed(
    session: Session, *, level_id: int, product_id: int, variant_id: int, before: int, after: int, limits: Limits
) -> None:
    """Publish `inventory.updated` when a level ran out or came back, and `inventory.low` when it fell to its threshold.

    Every sale would flood the outbox. Back-orders that reach their limit are a level that ran out, and so is a bundle
    that needs more units than are left.
    """
    zero = (before > 0) != (after > 0)
    if zero or any(_crosses(before + ahead, after + ahead, limits.bundled or 1) for ahead in (0, limits.ahead or 0)):
        tell(session, product_id=product_id, variant_id=variant_id, available=after, crossed_zero=True)
    if limits.low_stock_at is not None and after <= limits.low_stock_at < before:
        payload = {
            "product_id": product_id, "available": max(after, 0), "threshold": limits.low_stock_at,
            "level_id": level_id,
        }  # fmt: skip
        publish(session, Event("inventory.low", variant_id, payload))


def _crosses(before: int, after: int, most: int) -> bool:
    """Tell whether so many units, or fewer, began or ceased to be there."""
    return min(max(before, 0), most) != min(max(after, 0), most)


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
    if session.scalar(_REFRESH_ONE, {"product_id": product_id}) is not None:
        publish(session, Event("product.updated", product_id))


def refresh_products(session: Session, variant_ids: Sequence[int]) -> None:
    """Do what `refresh_product` does for the products of many variants, in a few statements."""
    changed = sorted(session.scalars(_REFRESH_MANY, {"variant_ids": list(variant_ids)}))
    for start in range(0, len(changed), BATCH):
        publish(session, Event("products.imported", 0, {"product_ids": changed[start : start + BATCH]}))


def refresh_after_sale(job: Job) -> None:
    """Consume `inventory.updated`.

    A sale must not lock the product's row after the level's: a merchant who saves the
    product locks them the other way round, and the two would wait for each other.
    """
    with once(job) as session:
        if job.event.payload.get("crossed_zero"):
            refresh_sold(session, job.event)


def refresh_sold(session: Session, event: Event) -> list[int]:
    """Refresh the product of an `inventory.updated` and the bundles that have its variant; returns their ids."""
    bundles = session.scalars(_BUNDLES_WITH, {"variant_ids": [event.subject_id]})
    products = list(dict.fromkeys([int(event.payload["product_id"]), *bundles]))
    for product_id in products:
        refresh_product(session, product_id)
    return products
