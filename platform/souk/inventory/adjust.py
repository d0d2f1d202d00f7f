"""A merchant counts the shelf and says how many there are."""

from __future__ import annotations

from sqlalchemy import func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from souk.catalog.models import Product, Variant
from souk.inventory.errors import StockInUse, UnknownLocation, UnknownVariant
from souk.inventory.levels import CONTINUE
from souk.inventory.models import InventoryLevel, InventoryMovement, Location
from souk.inventory.notice import refresh_product, tell
from souk.inventory.units import fold
from souk.kernel import clock

RECEIVED = "received"


def set_on_hand(  # noqa: PLR0917 - the order is that of the sentence: set variant at location to quantity
    session: Session,
    variant_id: int,
    location_id: int | None,
    quantity: int,
    reason: str,
    actor: str,
) -> None:
    """Set how many units stand at a location (None: the first one) and write the difference to the ledger.

    `reason` is free text; `received` books a delivery.

    Raises:
        UnknownVariant, UnknownLocation, StockInUse: nothing was changed.

    """
    product_id, oversellable = _variant(session, variant_id)
    level_id = _level(session, variant_id, location_id, oversellable=oversellable)
    before, difference = _set(session, level_id, quantity, oversellable=oversellable)
    if difference:
        kind = RECEIVED if reason == RECEIVED and difference > 0 else "adjusted"
        session.execute(
            insert(InventoryMovement).values(
                level_id=level_id, kind=kind, quantity=difference, reason=reason or "count", actor=actor
            )
        )
    refresh_product(session, product_id)
    free = before + difference
    tell(
        session,
        product_id=product_id,
        variant_id=variant_id,
        available=free,
        crossed_zero=(before > 0) != (free > 0),
    )


def _variant(session: Session, variant_id: int) -> tuple[int, bool]:
    # The product is locked before the level, as a merchant who saves the product does.
    row = session.execute(
        select(Product.id, Variant.inventory_tracked, Variant.inventory_policy)
        .join(Variant, Variant.product_id == Product.id)
        .where(Variant.id == variant_id)
        .with_for_update(of=Product, key_share=True)
    ).first()
    if row is None:
        raise UnknownVariant(variant_id)
    return row.id, not row.inventory_tracked or row.inventory_policy == CONTINUE


def _level(session: Session, variant_id: int, location_id: int | None, *, oversellable: bool) -> int:
    place = select(func.min(Location.id)).where(Location.active)
    if location_id is not None:
        place = select(Location.id).where(Location.id == location_id)
    found = session.execute(place).scalar_one_or_none()
    if found is None:
        raise UnknownLocation(location_id)
    row = upsert(InventoryLevel).values(variant_id=variant_id, location_id=found, oversellable=oversellable)
    written = row.on_conflict_do_update(
        index_elements=["variant_id", "location_id"], set_={"oversellable": row.excluded.oversellable}
    )
    return session.execute(written.returning(InventoryLevel.id)).scalar_one()


def _set(session: Session, level_id: int, quantity: int, *, oversellable: bool) -> tuple[int, int]:
    columns = select(InventoryLevel.on_hand, InventoryLevel.committed, InventoryLevel.reserved, InventoryLevel.hot)
    locked = columns.where(InventoryLevel.id == level_id).with_for_update(key_share=True)
    row = session.execute(locked).one()
    if row.hot:
        # Free units of the pool are not in use; they come back to the counters for this comparison.
        fold(session, level_id, pool=0)
        row = session.execute(locked).one()
    in_use = row.committed + row.reserved
    if quantity < in_use and not oversellable:
        raise StockInUse(quantity, in_use)
    session.execute(
        update(InventoryLevel).where(InventoryLevel.id == level_id).values(on_hand=quantity, updated_at=clock.now())
    )
    if row.hot:
        fold(session, level_id)
    return row.on_hand - in_use, quantity - row.on_hand
