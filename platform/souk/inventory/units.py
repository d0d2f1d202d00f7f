"""The hot path: units of one level claimed with SKIP LOCKED, so that buyers do not queue for the level's row.

Units in the pool are counted in the level's `reserved`; units of an allocated
reservation wait for `fold`, which moves them to `committed` in one update for many orders.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.orm import Session

from souk.catalog.models import Variant
from souk.inventory.errors import UnknownLevel
from souk.inventory.levels import FREE, LIMITS
from souk.inventory.models import InventoryLevel, InventoryReservation, InventoryUnit
from souk.inventory.notice import tell_if_crossed

POOL = 1_000

_CLAIM = (
    "UPDATE inventory_units SET reservation_id = :reservation_id WHERE id IN ("
    " SELECT id FROM inventory_units WHERE level_id = :level_id AND reservation_id IS NULL"
    " ORDER BY id LIMIT :quantity FOR UPDATE {skip}) RETURNING id"
)
_CLAIM_FREE = text(_CLAIM.format(skip="SKIP LOCKED"))
_CLAIM_WAITING = text(_CLAIM.format(skip=""))


def claim_units(session: Session, level_id: int, reservation_id: int, quantity: int) -> bool:
    """Mark `quantity` free units as this reservation's; False and nothing claimed when there are too few."""
    values = {"level_id": level_id, "reservation_id": reservation_id, "quantity": quantity}
    # The savepoint lets go of a partial claim: to wait while holding units would be a circle.
    for claim in (_CLAIM_FREE, _CLAIM_WAITING):
        savepoint = session.begin_nested()
        if len(session.execute(claim, values).all()) == quantity:
            savepoint.commit()
            return True
        savepoint.rollback()
        # A locked unit may come back when its buyer fails: only the waiting pass may say "sold out".
        fold(session, level_id)
    return False


def free_units(session: Session, reservation_ids: Sequence[int], limit: int | None = None) -> int:
    """Give units of reservations back to the pool, once `hold_units` has locked them; returns how many."""
    ids = (
        select(InventoryUnit.id)
        .where(InventoryUnit.reservation_id.in_(reservation_ids))
        .order_by(InventoryUnit.id.desc())
        .limit(limit)
    )
    freed = update(InventoryUnit).where(InventoryUnit.id.in_(ids)).values(reservation_id=None)
    return len(session.execute(freed.returning(InventoryUnit.id)).all())


def hold_units(session: Session, level_id: int, reservation_ids: Sequence[int], quantity: int) -> int:
    """Lock the units of a level's reservations, so that cooling the level waits; returns how many there are.

    `quantity` is what is to be moved of all of them together: what is no unit is moved in the level's counters.
    """
    own = select(InventoryUnit.id).where(InventoryUnit.reservation_id.in_(reservation_ids))
    if len(session.execute(own).all()) < quantity:
        # The rest is in the counters: who will change the level's row must lock it before the units, as cooling does.
        lock_level(session, level_id)
    return len(session.execute(own.order_by(InventoryUnit.id).with_for_update()).all())


def lock_level(session: Session, level_id: int) -> Any:
    """Lock a level and return its counters with `free`, what is in no pool; raises UnknownLevel."""
    # Not FOR UPDATE: a new reservation's foreign key holds KEY SHARE on the level, and two buyers who
    # have both inserted theirs would wait for each other.
    level = InventoryLevel
    row = session.execute(
        select(level.hot, FREE.label("free"), level.folded_available, level.variant_id, *LIMITS)
        .where(level.id == level_id)
        .with_for_update(key_share=True)
    ).first()
    if row is None:
        raise UnknownLevel(level_id)
    return row


def fold(session: Session, level_id: int, pool: int = POOL) -> None:
    """Move sold units to `committed` and bring the pool of free units to `pool`, as far as there is stock.

    A level that is not hot is left alone: it may have been cooled while this waited for its lock.
    """
    level = lock_level(session, level_id)
    if not level.hot:
        return
    sold = _drop_sold(session, level_id)
    in_pool = session.execute(
        select(func.count()).where(InventoryUnit.level_id == level_id, InventoryUnit.reservation_id.is_(None))
    ).scalar_one()
    change = min(pool - in_pool, max(level.free, 0)) if pool > in_pool else -_shrink(session, level_id, in_pool - pool)
    if change > 0:
        session.execute(insert(InventoryUnit), [{"level_id": level_id}] * change)
    available = level.free + in_pool
    session.execute(
        update(InventoryLevel)
        .where(InventoryLevel.id == level_id)
        .values(
            reserved=InventoryLevel.reserved - sold + change,
            committed=InventoryLevel.committed + sold,
            folded_available=available,
        )
    )
    if level.folded_available is not None and level.folded_available != available:
        _tell(session, level_id, level, available)


def _drop_sold(session: Session, level_id: int) -> int:
    sold = select(InventoryReservation.id).where(
        InventoryReservation.level_id == level_id, InventoryReservation.status == "allocated"
    )
    gone = (
        delete(InventoryUnit)
        .where(InventoryUnit.level_id == level_id, InventoryUnit.reservation_id.in_(sold))
        .returning(InventoryUnit.id)
    )
    return len(session.execute(gone).all())


def _tell(session: Session, level_id: int, level: Any, available: int) -> None:
    product_id = select(Variant.product_id).where(Variant.id == level.variant_id)
    tell_if_crossed(
        session,
        level_id=level_id,
        product_id=session.execute(product_id).scalar_one(),
        variant_id=level.variant_id,
        before=level.folded_available,
        after=available,
        limits=level,
    )


def _shrink(session: Session, level_id: int, quantity: int) -> int:
    surplus = (
        select(InventoryUnit.id)
        .where(InventoryUnit.level_id == level_id, InventoryUnit.reservation_id.is_(None))
        .order_by(InventoryUnit.id.desc())
        .limit(quantity)
        .with_for_update(skip_locked=True)
    )
    gone = delete(InventoryUnit).where(InventoryUnit.id.in_(surplus)).returning(InventoryUnit.id)
    return len(session.execute(gone).all())
