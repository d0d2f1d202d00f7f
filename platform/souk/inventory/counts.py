"""Count a location's shelves: lines are entered or scanned while the shop sells, and applied at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from souk.inventory.cause import Cause
from souk.inventory.change import MOST, find_location, move_on_hand, open_levels, refuse_unknown
from souk.inventory.errors import BadQuantity, CountEnded, UnknownCount
from souk.inventory.models import InventoryCount, InventoryCountLine, InventoryLevel
from souk.kernel import clock

MAX_NAME = 100


def open_count(session: Session, location_id: int, *, actor: str, name: str = "") -> int:
    """Begin a count at a location and return its id; raises UnknownLocation. Stock is unchanged until it is applied."""
    row = insert(InventoryCount).values(
        location_id=find_location(session, location_id), name=name.replace("\x00", "").strip()[:MAX_NAME], actor=actor
    )
    return session.execute(row.returning(InventoryCount.id)).scalar_one()


def enter_count(session: Session, count_id: int, counted: Mapping[int, int]) -> None:
    """Write how many of each variant (variant -> units) were found; a later entry replaces an earlier one.

    What is on hand at this moment is kept beside it: the difference is what `apply_count` writes.

    Raises:
        UnknownCount, CountEnded, BadQuantity, UnknownVariant: nothing was changed.

    """
    if any(not 0 <= number <= MOST for number in counted.values()):
        raise BadQuantity(0, MOST)
    _write(session, lock_count(session, count_id), counted)


def scan(session: Session, count_id: int, variant_id: int, units: int = 1) -> int:
    """Add one scanned unit (or several; below zero: take back) to the variant's line and return its new number.

    Raises:
        UnknownCount, CountEnded, BadQuantity, UnknownVariant: nothing was changed.

    """
    count = lock_count(session, count_id)
    line = InventoryCountLine
    found = select(line.counted).where(line.count_id == count_id, line.variant_id == variant_id)
    before = session.execute(found).scalar_one_or_none() or 0
    if not 0 <= before + units <= MOST:
        raise BadQuantity(0, MOST)
    # A shelf that is scanned unit by unit is compared with what was on hand when its first unit was scanned.
    _write(session, count, {variant_id: before + units}, seen_before=True)
    return before + units


def drop_count_line(session: Session, count_id: int, variant_id: int) -> None:
    """Forget what was entered for a variant; raises UnknownCount, CountEnded."""
    lock_count(session, count_id)
    line = InventoryCountLine
    session.execute(delete(line).where(line.count_id == count_id, line.variant_id == variant_id))


def apply_count(session: Session, count_id: int, *, actor: str) -> int:
    """Bring the stock to what was counted, and end the count; returns how many variants differed.

    For each line the difference between counted and then on hand is applied, so that what was sold and sent
    since then stays subtracted.

    Raises:
        UnknownCount, CountEnded: nothing was changed.
        StockInUse: fewer would be left than orders and checkouts hold; the same.

    """
    count = lock_count(session, count_id)
    line = InventoryCountLine
    rows = session.execute(
        select(line.variant_id, (line.counted - line.expected).label("difference"))
        .where(line.count_id == count_id, line.counted != line.expected)
        .order_by(line.variant_id)
    ).all()
    levels = open_levels(session, count.location_id, [row.variant_id for row in rows])
    cause = Cause(actor=actor, reason="count", count_id=count_id)
    for row in rows:
        move_on_hand(session, levels[row.variant_id], row.difference, "adjusted", cause)
    _end(session, count_id, "applied")
    return len(rows)


def cancel_count(session: Session, count_id: int) -> None:
    """End a count without changing any stock; raises UnknownCount, CountEnded."""
    lock_count(session, count_id)
    _end(session, count_id, "canceled")


def lock_count(session: Session, count_id: int) -> Any:
    """Return (id, location_id) of an open count, its row locked; raises UnknownCount, CountEnded."""
    columns = select(InventoryCount.id, InventoryCount.location_id, InventoryCount.status)
    count = session.execute(columns.where(InventoryCount.id == count_id).with_for_update()).first()
    if count is None:
        raise UnknownCount(count_id)
    if count.status != "open":
        raise CountEnded(count_id, count.status)
    return count


def _write(session: Session, count: Any, counted: Mapping[int, int], *, seen_before: bool = False) -> None:
    if not counted:
        return
    refuse_unknown(session, counted)
    level, now = InventoryLevel, clock.now()
    here = select(level.variant_id, level.on_hand).where(
        level.location_id == count.location_id, level.variant_id.in_(counted)
    )
    on_hand = {row.variant_id: row.on_hand for row in session.execute(here)}
    rows = [
        {
            "count_id": count.id,
            "variant_id": variant_id,
            "counted": number,
            "expected": on_hand.get(variant_id, 0),
            "counted_at": now,
        }
        for variant_id, number in sorted(counted.items())
    ]
    row = upsert(InventoryCountLine).values(rows)
    expected = InventoryCountLine.expected if seen_before else row.excluded.expected
    session.execute(
        row.on_conflict_do_update(
            index_elements=["count_id", "variant_id"],
            set_={"counted": row.excluded.counted, "expected": expected, "counted_at": now},
        )
    )


def _end(session: Session, count_id: int, status: str) -> None:
    session.execute(
        update(InventoryCount).where(InventoryCount.id == count_id).values(status=status, closed_at=clock.now())
    )
