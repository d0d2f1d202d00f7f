"""Give back what a checkout holds, or what checkouts held for too long."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from souk.catalog.models import Variant
from souk.inventory.levels import FREE, LIMITS
from souk.inventory.models import InventoryLevel, InventoryReservation
from souk.inventory.notice import tell_if_crossed
from souk.inventory.units import free_units, hold_units
from souk.kernel import clock

BATCH = 500


def release(session: Session, checkout_id: int) -> None:
    """Give back everything the checkout holds; nothing happens when it holds nothing."""
    give_back(session, InventoryReservation.checkout_id == checkout_id)


def release_expired(session: Session) -> int:
    """Give back reservations whose time is over; returns how many.

    A checkout that finishes at this moment has locked its rows: those are skipped and stay.
    """
    expired = (
        select(InventoryReservation.id)
        .where(InventoryReservation.status == "open", InventoryReservation.expires_at < clock.now())
        .order_by(InventoryReservation.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    ids = session.execute(expired).scalars().all()
    return give_back(session, InventoryReservation.id.in_(ids)) if ids else 0


def give_back(session: Session, *which: ColumnElement[bool]) -> int:
    """Release the open reservations that match; returns how many."""
    rows = session.execute(
        update(InventoryReservation)
        .where(InventoryReservation.status == "open", *which)
        .values(status="released")
        .returning(InventoryReservation.id, InventoryReservation.level_id, InventoryReservation.quantity)
    ).all()
    levels = {row.level_id for row in rows}
    hot = _hot(session, levels)
    # One level after the other, as buyers take them, and of each its row before its units.
    for level_id in sorted(levels):
        ids = [row.id for row in rows if row.level_id == level_id]
        rest = sum(row.quantity for row in rows if row.level_id == level_id)
        if level_id in hot:
            hold_units(session, level_id, ids, rest)
            rest -= free_units(session, ids)
        if rest:
            _lower(session, level_id, rest)
    return len(rows)


def _hot(session: Session, levels: set[int]) -> set[int]:
    if not levels:
        return set()
    hot = select(InventoryLevel.id).where(InventoryLevel.id.in_(levels), InventoryLevel.hot)
    return set(session.execute(hot).scalars())


def _lower(session: Session, level_id: int, quantity: int) -> None:
    row = session.execute(
        update(InventoryLevel)
        .where(InventoryLevel.id == level_id, Variant.id == InventoryLevel.variant_id)
        .values(reserved=InventoryLevel.reserved - quantity, updated_at=clock.now())
        .returning(FREE.label("free"), Variant.id.label("variant_id"), Variant.product_id, *LIMITS)
    ).one()
    tell_if_crossed(
        session,
        level_id=level_id,
        product_id=row.product_id,
        variant_id=row.variant_id,
        before=row.free - quantity,
        after=row.free,
        limits=row,
    )
