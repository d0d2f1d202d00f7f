"""Sell a level by units while buyers crowd at it, and from its counters again when they have gone."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from souk.catalog.models import Variant
from souk.catalog.selling_policy import align_variants
from souk.inventory.errors import CannotHeat, UnknownLevel
from souk.inventory.levels import CONTINUE
from souk.inventory.models import InventoryLevel, InventoryReservation, InventoryUnit
from souk.inventory.units import fold, lock_level
from souk.kernel import clock

# A crowd is this many reservations of one level in this time; below a quarter of it the crowd has gone.
CROWD = 100
CROWD_TIME = timedelta(seconds=10)
# A sale that pauses for a breath must not pay for cooling and heating again.
SHORTEST_HOT = timedelta(minutes=2)


def pin_hot(session: Session, level_id: int, *, pinned: bool) -> None:
    """Let a merchant announce a sale: a pinned level is hot from now on, another cools when nobody crowds.

    Raises:
        UnknownLevel, CannotHeat: nothing was changed.

    """
    lock_level(session, level_id)
    if pinned:
        heat(session, level_id)
    session.execute(update(InventoryLevel).where(InventoryLevel.id == level_id).values(hot_pinned=pinned))


def heat(session: Session, level_id: int) -> None:
    """Sell this level from units from now on; raises CannotHeat for one that may sell beyond its stock."""
    level = InventoryLevel
    changed = session.execute(
        update(level)
        .where(level.id == level_id, level.oversellable.is_(False))
        .values(hot=True, hot_since=func.coalesce(level.hot_since, clock.now()))
        .returning(level.id)
    ).first()
    if changed is None:
        known = session.execute(select(level.id).where(level.id == level_id)).first()
        raise UnknownLevel(level_id) if known is None else CannotHeat
    fold(session, level_id)


def heat_if_crowded(session: Session, level_id: int) -> bool:
    """Heat a level where many buy at this moment; returns whether it is hot now."""
    level = session.execute(
        select(InventoryLevel.hot, InventoryLevel.oversellable).where(InventoryLevel.id == level_id)
    ).first()
    if level is None or level.oversellable:
        return False
    if not level.hot and _crowd(session, level_id) >= CROWD:
        heat(session, level_id)
        return True
    return bool(level.hot)


def cool(session: Session, level_id: int) -> None:
    """Sell this level from its counters again; claims that are still open stay reserved."""
    if not lock_level(session, level_id).hot:
        return
    fold(session, level_id, pool=0)
    # It waits for buyers who are at a unit; what became of it is read afterwards.
    gone = session.execute(
        delete(InventoryUnit).where(InventoryUnit.level_id == level_id).returning(InventoryUnit.reservation_id)
    ).scalars()
    holders = list(gone)
    free, sold = holders.count(None), _allocated(session, [one for one in holders if one is not None])
    level = InventoryLevel
    session.execute(
        update(level)
        .where(level.id == level_id)
        .values(
            reserved=level.reserved - free - sold,
            committed=level.committed + sold,
            hot=False,
            hot_pinned=False,
            hot_since=None,
            folded_available=None,
        )
    )


def hot_levels(session: Session) -> list[int]:
    """Return the hot levels in the order of their ids."""
    return list(session.scalars(select(InventoryLevel.id).where(InventoryLevel.hot).order_by(InventoryLevel.id)))


def fold_or_cool(session: Session, level_id: int) -> bool:
    """Fold a hot level, or cool it when its crowd has gone; returns whether it is hot still.

    A transaction for each level: cooling waits for buyers at its units, and one of them may be waiting for the row of
    another level. A level that somebody else is at is left for the next round.
    """
    level = InventoryLevel
    may_oversell = or_(Variant.inventory_tracked.is_(False), Variant.inventory_policy == CONTINUE)
    row = session.execute(
        select(level.id, level.variant_id, level.hot_pinned, level.hot_since, may_oversell.label("may_oversell"))
        .join(Variant, Variant.id == level.variant_id)
        .where(level.id == level_id, level.hot)
        .with_for_update(of=level, skip_locked=True, key_share=True)
    ).first()
    if row is None:
        return True
    calm = row.hot_since is None or row.hot_since < clock.now() - SHORTEST_HOT
    if row.may_oversell or (calm and not row.hot_pinned and _crowd(session, row.id) * 4 < CROWD):
        cool(session, row.id)
        align_variants(session, [row.variant_id])
        return False
    fold(session, row.id)
    return True


def _crowd(session: Session, level_id: int) -> int:
    since = clock.now() - CROWD_TIME
    counted = select(func.count()).where(
        InventoryReservation.level_id == level_id, InventoryReservation.created_at > since
    )
    return session.execute(counted).scalar_one()


def _allocated(session: Session, reservation_ids: list[int]) -> int:
    sold = set(
        session.scalars(
            select(InventoryReservation.id).where(
                InventoryReservation.id.in_(set(reservation_ids)), InventoryReservation.status == "allocated"
            )
        )
    )
    return sum(1 for one in reservation_ids if one in sold)
