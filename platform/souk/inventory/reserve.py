"""Hold stock for a checkout: all of it or none."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import or_, select, true, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from souk.inventory.availability import availability
from souk.inventory.contention import note_wait
from souk.inventory.errors import OutOfStock
from souk.inventory.levels import ALLOWED, FREE, LIMITS, Demand, demand
from souk.inventory.models import InventoryLevel, InventoryReservation
from souk.inventory.notice import tell_if_crossed
from souk.inventory.release import give_back
from souk.inventory.units import claim_units, free_units, lock_level
from souk.kernel import clock


def reserve(
    session: Session, checkout_id: int, items: Sequence[tuple[int, int]], expires_at: datetime
) -> dict[int, int]:
    """Hold `items` (variant, quantity) until `expires_at`; returns variant -> level.

    Call it last: it locks the levels, and every statement after it makes other buyers wait.
    A second call replaces what the checkout held, so a retry never holds twice.

    Raises:
        OutOfStock: with what is available; the transaction must be rolled back.

    """
    wanted: Counter[int] = Counter()
    for variant_id, quantity in items:
        wanted[variant_id] += quantity
    held = _held(session, checkout_id)
    needs = demand(session, wanted, held)
    ids = _write(session, checkout_id, needs, expires_at)
    _drop_unwanted(session, checkout_id, {need.level_id for need in needs}, held)
    for need in needs:
        change = need.quantity - held.get(need.level_id, 0)
        if change and not _take(session, need, change, ids[need.level_id]):
            raise OutOfStock(_shortages(session, wanted, needs, held, need))
    return {need.variant_id: need.level_id for need in needs}


def keep_reserved(
    session: Session, checkout_id: int, items: Sequence[tuple[int, int]], expires_at: datetime
) -> dict[int, int]:
    """Do what `reserve` does, in one query where the hold still stands as it was made."""
    wanted: Counter[int] = Counter()
    for variant_id, quantity in items:
        wanted[variant_id] += quantity
    rows = session.execute(
        select(InventoryLevel.variant_id, InventoryReservation.level_id, InventoryReservation.quantity)
        .join(InventoryLevel, InventoryLevel.id == InventoryReservation.level_id)
        .where(InventoryReservation.checkout_id == checkout_id, InventoryReservation.status == "open")
        .order_by(InventoryReservation.level_id)
        .with_for_update(of=InventoryReservation)
    ).all()
    if {row.variant_id: row.quantity for row in rows} == wanted:
        return {row.variant_id: row.level_id for row in rows}
    return reserve(session, checkout_id, items, expires_at)


def _held(session: Session, checkout_id: int) -> dict[int, int]:
    rows = session.execute(
        select(InventoryReservation.level_id, InventoryReservation.quantity)
        .where(InventoryReservation.checkout_id == checkout_id, InventoryReservation.status == "open")
        .order_by(InventoryReservation.level_id)
        .with_for_update()
    )
    return {row.level_id: row.quantity for row in rows}


def _write(session: Session, checkout_id: int, needs: Sequence[Demand], expires_at: datetime) -> dict[int, int]:
    if not needs:
        return {}
    row = insert(InventoryReservation).values(
        [
            {
                "checkout_id": checkout_id,
                "level_id": need.level_id,
                "quantity": need.quantity,
                "status": "open",
                "expires_at": expires_at,
                "created_at": clock.now(),
            }
            for need in needs
        ]
    )
    written = row.on_conflict_do_update(
        index_elements=["checkout_id", "level_id"],
        set_={"quantity": row.excluded.quantity, "status": "open", "expires_at": row.excluded.expires_at},
        where=InventoryReservation.status != "allocated",
    ).returning(InventoryReservation.level_id, InventoryReservation.id)
    return {row.level_id: row.id for row in session.execute(written)}


def _drop_unwanted(session: Session, checkout_id: int, kept: set[int], held: Mapping[int, int]) -> None:
    dropped = held.keys() - kept
    if dropped:
        give_back(
            session,
            InventoryReservation.checkout_id == checkout_id,
            InventoryReservation.level_id.in_(dropped),
        )


def _take(session: Session, need: Demand, change: int, reservation_id: int) -> bool:
    if change < 0:
        given = free_units(session, reservation_id, -change) if need.hot else 0
        return change + given == 0 or _count(session, need, change + given)
    taken = claim_units(session, need.level_id, reservation_id, change) if need.hot else _count(session, need, change)
    if taken:
        return True
    # A level that was heated or cooled since it was chosen, also there and back, had its stock on the other side at
    # the moment of looking: only an answer given with its row locked may be "sold out". Units were looked at like that.
    if not lock_level(session, need.level_id).hot:
        return _count(session, need, change)
    return not need.hot and claim_units(session, need.level_id, reservation_id, change)


def _count(session: Session, need: Demand, change: int) -> bool:
    level = InventoryLevel
    enough = or_(ALLOWED.is_(None), change <= FREE + ALLOWED) if change > 0 else true()
    started = time.perf_counter()
    row = session.execute(
        update(level)
        .where(level.id == need.level_id, enough)
        .values(reserved=level.reserved + change, updated_at=clock.now())
        .returning(FREE.label("free"), *LIMITS)
    ).first()
    if row is None:
        return False
    note_wait(session, need.variant_id, need.level_id, time.perf_counter() - started)
    tell_if_crossed(
        session,
        level_id=need.level_id,
        product_id=need.product_id,
        variant_id=need.variant_id,
        before=row.free + change,
        after=row.free,
        limits=row,
    )
    return True


def _shortages(
    session: Session,
    wanted: Mapping[int, int],
    needs: Sequence[Demand],
    held: Mapping[int, int],
    failed: Demand,
) -> list[dict[str, int]]:
    # What this transaction has taken itself is still this buyer's.
    own = {need.variant_id: need.quantity for need in needs if need.level_id < failed.level_id}
    own |= {need.variant_id: held.get(need.level_id, 0) for need in needs if need.level_id >= failed.level_id}
    free = availability(session, wanted)
    left = {variant_id: free.get(variant_id, 0) + own.get(variant_id, 0) for variant_id in wanted}
    return [
        {"variant_id": variant_id, "available": left[variant_id]}
        for variant_id, quantity in wanted.items()
        if left[variant_id] < quantity or variant_id == failed.variant_id
    ]
