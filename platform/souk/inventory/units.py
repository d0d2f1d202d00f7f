"""The hot path: units of one level claimed with SKIP LOCKED, so that buyers do not queue for the level's row.

Units in the pool are counted in the level's `reserved`; units of an allocated
reservation wait for `fold`, which moves them to `committed` in one update for many orders.
"""

from __future__ import annotations

from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.orm import Session

from souk.inventory.errors import UnknownLevel
from souk.inventory.levels import FREE
from souk.inventory.models import InventoryLevel, InventoryReservation, InventoryUnit

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


def free_units(session: Session, reservation_id: int, limit: int | None = None) -> int:
    """Give units of a reservation back to the pool; returns how many."""
    ids = (
        select(InventoryUnit.id)
        .where(InventoryUnit.reservation_id == reservation_id)
        .order_by(InventoryUnit.id.desc())
        .limit(limit)
    )
    freed = update(InventoryUnit).where(InventoryUnit.id.in_(ids)).values(reservation_id=None)
    return len(session.execute(freed.returning(InventoryUnit.id)).all())


def count_units(session: Session, reservation_id: int) -> int:
    counted = select(func.count()).where(InventoryUnit.reservation_id == reservation_id)
    return session.execute(counted).scalar_one()


def heat(session: Session, level_id: int) -> None:
    """Sell this level from units from now on."""
    _lock(session, level_id)
    session.execute(update(InventoryLevel).where(InventoryLevel.id == level_id).values(hot=True))
    fold(session, level_id)


def cool(session: Session, level_id: int) -> None:
    """Sell this level from its counters again; claims that are still open stay reserved."""
    fold(session, level_id, pool=0)
    session.execute(update(InventoryLevel).where(InventoryLevel.id == level_id).values(hot=False))
    session.execute(delete(InventoryUnit).where(InventoryUnit.level_id == level_id))


def fold(session: Session, level_id: int, pool: int = POOL) -> None:
    """Move sold units to `committed` and bring the pool of free units to `pool`, as far as there is stock."""
    free_stock = _lock(session, level_id)
    sold = select(InventoryReservation.id).where(
        InventoryReservation.level_id == level_id, InventoryReservation.status == "allocated"
    )
    gone = session.execute(
        delete(InventoryUnit)
        .where(InventoryUnit.level_id == level_id, InventoryUnit.reservation_id.in_(sold))
        .returning(InventoryUnit.id)
    ).all()
    in_pool = session.execute(
        select(func.count()).where(InventoryUnit.level_id == level_id, InventoryUnit.reservation_id.is_(None))
    ).scalar_one()
    change = min(pool - in_pool, free_stock) if pool > in_pool else -_shrink(session, level_id, in_pool - pool)
    if change > 0:
        session.execute(insert(InventoryUnit), [{"level_id": level_id}] * change)
    session.execute(
        update(InventoryLevel)
        .where(InventoryLevel.id == level_id)
        .values(
            reserved=InventoryLevel.reserved - len(gone) + change,
            committed=InventoryLevel.committed + len(gone),
        )
    )


def fold_hot_levels(session: Session) -> int:
    """Fold every hot level of the shop that nobody else is at; returns how many. Run it every few seconds."""
    hot = select(InventoryLevel.id).where(InventoryLevel.hot).order_by(InventoryLevel.id)
    ids = session.execute(hot.with_for_update(skip_locked=True, key_share=True)).scalars().all()
    for level_id in ids:
        fold(session, level_id)
    return len(ids)


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


def _lock(session: Session, level_id: int) -> int:
    # Not FOR UPDATE: a new reservation's foreign key holds KEY SHARE on the level, and two buyers who
    # have both inserted theirs would wait for each other.
    row = session.execute(select(FREE).where(InventoryLevel.id == level_id).with_for_update(key_share=True)).first()
    if row is None:
        raise UnknownLevel(level_id)
    return max(int(row[0]), 0)
