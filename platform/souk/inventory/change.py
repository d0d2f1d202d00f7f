"""Change what is on hand: lock the levels, compare with what was seen, write level and ledger together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy import func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from souk.catalog.models import Variant
from souk.catalog.selling_policy import align_variants
from souk.inventory.cause import Cause
from souk.inventory.errors import StaleStock, StockInUse, UnknownLocation, UnknownVariant
from souk.inventory.levels import ALLOWED, LIMITS
from souk.inventory.models import InventoryLevel, InventoryMovement, Location
from souk.inventory.notice import tell_if_crossed
from souk.inventory.state import LevelState, select_levels
from souk.inventory.threshold import default_threshold
from souk.inventory.units import fold
from souk.kernel import clock

MOST = 10_000_000


def open_levels(session: Session, location_id: int | None, variant_ids: Iterable[int]) -> dict[int, LevelState]:
    """Lock the levels of variants at one location, those that are missing made empty; returns variant -> level.

    `location_id` None is the first active location. Pools of hot levels are folded, so that `available` is whole:
    `move_on_hand` or `restore_pool` must follow for each.

    Raises:
        UnknownLocation, UnknownVariant: nothing was changed.

    """
    wanted = sorted(set(variant_ids))
    place = find_location(session, location_id)
    for level_id in lock_levels(session, [place], wanted):
        fold(session, level_id, pool=0)
    here = (InventoryLevel.location_id == place, InventoryLevel.variant_id.in_(wanted))
    return {row.variant_id: LevelState(*row) for row in session.execute(select_levels().where(*here))}


def lock_levels(session: Session, location_ids: Sequence[int], variant_ids: Iterable[int]) -> list[int]:
    """Lock the variants' levels at all these locations, those that are missing made empty; returns the hot ones.

    Who changes levels at two locations calls this first: they are locked in id order, which every transaction keeps.
    """
    wanted = sorted(set(variant_ids))
    for location_id in location_ids:
        _make_missing(session, location_id, wanted)
    # Not FOR UPDATE: a new reservation's foreign key holds KEY SHARE on the level.
    locked = session.execute(
        select(InventoryLevel.id, InventoryLevel.hot)
        .where(InventoryLevel.location_id.in_(location_ids), InventoryLevel.variant_id.in_(wanted))
        .order_by(InventoryLevel.id)
        .with_for_update(key_share=True)
    )
    return [row.id for row in locked if row.hot]


def refuse_unknown(session: Session, variant_ids: Iterable[int]) -> None:
    """Raise UnknownVariant for the first that does not exist."""
    wanted = sorted(set(variant_ids))
    known = set(session.scalars(select(Variant.id).where(Variant.id.in_(wanted))))
    for variant_id in wanted:
        if variant_id not in known:
            raise UnknownVariant(variant_id)


def find_location(session: Session, location_id: int | None) -> int:
    """Return the id of a location that exists, active or not; None means the first active one."""
    place = select(Location.id).where(Location.active).order_by(Location.priority, Location.id).limit(1)
    if location_id is not None:
        place = select(Location.id).where(Location.id == location_id)
    found = session.execute(place).scalar_one_or_none()
    if found is None:
        raise UnknownLocation(location_id)
    return found


def _make_missing(session: Session, location_id: int, variant_ids: list[int]) -> None:
    refuse_unknown(session, variant_ids)
    threshold = default_threshold(session)
    rows = [
        {"variant_id": variant_id, "location_id": location_id, "version": 0, "low_stock_at": threshold}
        for variant_id in variant_ids
    ]
    made = upsert(InventoryLevel).values(rows).on_conflict_do_nothing().returning(InventoryLevel.variant_id)
    fresh = list(session.execute(made).scalars()) if rows else []
    if fresh:
        align_variants(session, fresh)


def refuse_stale(level: LevelState, seen_version: int | None) -> None:
    """Raise StaleStock unless the level is still as it was seen; None compares nothing."""
    if seen_version is not None and seen_version != level.version:
        raise StaleStock(level.numbers())


def move_on_hand(session: Session, level: LevelState, difference: int, kind: str, cause: Cause) -> LevelState:
    """Add `difference` to a level that `open_levels` locked, with its line in the ledger; returns it as it is now.

    Raises:
        StockInUse: fewer would be left than orders and checkouts hold.

    """
    if not difference:
        restore_pool(session, level)
        return level
    available = level.available + difference
    if difference < 0 and level.floor is not None and available < level.floor:
        raise StockInUse(level.on_hand + difference, level.on_hand - level.available)
    _record(session, level.id, kind, difference, cause)
    limits = session.execute(
        update(InventoryLevel)
        .where(InventoryLevel.id == level.id)
        .values(
            on_hand=InventoryLevel.on_hand + difference,
            version=InventoryLevel.version + 1,
            debt=func.least(InventoryLevel.debt, func.greatest(0, -available - func.coalesce(ALLOWED, 0))),
            updated_at=clock.now(),
        )
        .returning(*LIMITS)
    ).one()
    changed = replace(level, on_hand=level.on_hand + difference, available=available, version=level.version + 1)
    if level.hot:
        restore_pool(session, changed)  # it tells what has changed
    else:
        tell_if_crossed(
            session,
            level_id=level.id,
            product_id=level.product_id,
            variant_id=level.variant_id,
            before=level.available,
            after=available,
            limits=limits,
        )
    return changed


def restore_pool(session: Session, level: LevelState) -> None:
    """Give a hot level its units back that `open_levels` folded."""
    if level.hot:
        fold(session, level.id)


def _record(session: Session, level_id: int, kind: str, quantity: int, cause: Cause) -> None:
    session.execute(
        insert(InventoryMovement).values(
            level_id=level_id,
            kind=kind,
            quantity=quantity,
            reason=cause.reason,
            order_id=cause.order_id,
            fulfillment_id=cause.fulfillment_id,
            transfer_id=cause.transfer_id,
            count_id=cause.count_id,
            actor=cause.actor,
        )
    )
