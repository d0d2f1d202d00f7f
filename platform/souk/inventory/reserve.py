"""Hold stock for a checkout: all of it or none."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, bindparam, or_, select, text, update
from sqlalchemy.orm import Session

from souk.inventory.availability import availability
from souk.inventory.contention import note_wait
from souk.inventory.errors import OutOfStock
from souk.inventory.levels import ALLOWED, FREE, LIMITS, Demand, demand
from souk.inventory.models import InventoryLevel, InventoryReservation
from souk.inventory.notice import tell_if_crossed
from souk.inventory.pickup import units_at
from souk.inventory.release import give_back
from souk.inventory.units import claim_units, free_units, hold_units, lock_level
from souk.kernel import clock
from souk.kernel.statement import Statement
from souk.kernel.write_rows import document

_OWN = (InventoryReservation.checkout_id == bindparam("checkout_id"), InventoryReservation.status == "open")
_HELD = Statement[Any](
    select(InventoryReservation.level_id, InventoryReservation.quantity)
    .where(*_OWN)
    .order_by(InventoryReservation.level_id)
    .with_for_update()
)
_KEEP = Statement[Any](
    select(InventoryLevel.variant_id, InventoryReservation.level_id, InventoryReservation.quantity)
    .join(InventoryLevel, InventoryLevel.id == InventoryReservation.level_id)
    .where(*_OWN)
    .order_by(InventoryReservation.level_id)
    .with_for_update(of=InventoryReservation)
)
_WRITE = Statement[Any](
    text(
        "INSERT INTO inventory_reservations AS held (checkout_id, level_id, quantity, status, expires_at, created_at)"
        " SELECT :checkout_id, level_id, quantity, 'open', :expires_at, :now"
        " FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS row(level_id bigint, quantity bigint)"
        " ON CONFLICT (checkout_id, level_id) DO UPDATE"
        " SET quantity = excluded.quantity, status = 'open', expires_at = excluded.expires_at"
        " WHERE held.status <> 'allocated' RETURNING held.level_id, held.id"
    ).columns(level_id=BigInteger(), id=BigInteger())
)
_TAKEN = bindparam("change", type_=BigInteger)
# Giving back is always possible; taking needs stock or the leave to promise what is not there.
_COUNT = Statement[Any](
    update(InventoryLevel)
    .where(
        InventoryLevel.id == bindparam("level_id"),
        or_(_TAKEN <= 0, ALLOWED.is_(None), _TAKEN <= FREE + ALLOWED),
    )
    .values(reserved=InventoryLevel.reserved + _TAKEN, updated_at=bindparam("now", type_=DateTime(timezone=True)))
    .returning(FREE.label("free"), *LIMITS)
)


def reserve(
    session: Session,
    checkout_id: int,
    items: Sequence[tuple[int, int]],
    expires_at: datetime,
    location_id: int | None = None,
) -> dict[int, int]:
    """Hold `items` (variant, quantity) until `expires_at`; returns variant -> level. With `location_id` only there.

    Call it last: it locks the levels, and every statement after it makes other buyers wait.
    A second call replaces what the checkout held, so a retry never holds twice.

    Raises:
        OutOfStock: with what is available; the transaction must be rolled back.

    """
    wanted: Counter[int] = Counter()
    for variant_id, quantity in items:
        wanted[variant_id] += quantity
    held = _held(session, checkout_id)
    needs = demand(session, wanted, held, location_id)
    ids = _write(session, checkout_id, needs, expires_at)
    _drop_unwanted(session, checkout_id, {need.level_id for need in needs}, held)
    for need in needs:
        change = need.quantity - held.get(need.level_id, 0)
        if change and not _take(session, need, change, ids[need.level_id]):
            free = _free_now(session, wanted, location_id)
            raise OutOfStock(_shortages(free, wanted, needs, held, need))
    return {need.variant_id: need.level_id for need in needs}


def keep_reserved(
    session: Session,
    checkout_id: int,
    items: Sequence[tuple[int, int]],
    expires_at: datetime,
    location_id: int | None = None,
) -> dict[int, int]:
    """Do what `reserve` does, in one query where the hold still stands as it was made."""
    wanted: Counter[int] = Counter()
    for variant_id, quantity in items:
        wanted[variant_id] += quantity
    rows = _KEEP.all(session, checkout_id=checkout_id)
    if {row.variant_id: row.quantity for row in rows} == wanted:
        return {row.variant_id: row.level_id for row in rows}
    return reserve(session, checkout_id, items, expires_at, location_id)


def _held(session: Session, checkout_id: int) -> dict[int, int]:
    return {row.level_id: row.quantity for row in _HELD.all(session, checkout_id=checkout_id)}


def _write(session: Session, checkout_id: int, needs: Sequence[Demand], expires_at: datetime) -> dict[int, int]:
    if not needs:
        return {}
    rows = [{"level_id": need.level_id, "quantity": need.quantity} for need in needs]
    written = _WRITE.all(session, checkout_id=checkout_id, expires_at=expires_at, now=clock.now(), rows=document(rows))
    return {row.level_id: row.id for row in written}


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
        given = _free(session, need.level_id, reservation_id, -change) if need.hot else 0
        return change + given == 0 or _count(session, need, change + given)
    taken = claim_units(session, need.level_id, reservation_id, change) if need.hot else _count(session, need, change)
    if taken:
        return True
    # A level that was heated or cooled since it was chosen, also there and back, had its stock on the other side at
    # the moment of looking: only an answer given with its row locked may be "sold out". Units were looked at like that.
    if not lock_level(session, need.level_id).hot:
        return _count(session, need, change)
    return not need.hot and claim_units(session, need.level_id, reservation_id, change)


def _free(session: Session, level_id: int, reservation_id: int, quantity: int) -> int:
    hold_units(session, level_id, [reservation_id], quantity)
    return free_units(session, [reservation_id], quantity)


def _count(session: Session, need: Demand, change: int) -> bool:
    started = time.perf_counter()
    row = _COUNT.first(session, level_id=need.level_id, change=change, now=clock.now())
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


def _free_now(session: Session, wanted: Mapping[int, int], location_id: int | None) -> Mapping[int, int]:
    if location_id is None:
        return availability(session, wanted)
    return units_at(session, [location_id], wanted).get(location_id, {})


def _shortages(
    free: Mapping[int, int],
    wanted: Mapping[int, int],
    needs: Sequence[Demand],
    held: Mapping[int, int],
    failed: Demand,
) -> list[dict[str, int]]:
    # What this transaction has taken itself is still this buyer's.
    own = {need.variant_id: need.quantity for need in needs if need.level_id < failed.level_id}
    own |= {need.variant_id: held.get(need.level_id, 0) for need in needs if need.level_id >= failed.level_id}
    left = {variant_id: free.get(variant_id, 0) + own.get(variant_id, 0) for variant_id in wanted}
    return [
        {"variant_id": variant_id, "available": left[variant_id]}
        for variant_id, quantity in wanted.items()
        if left[variant_id] < quantity or variant_id == failed.variant_id
    ]
