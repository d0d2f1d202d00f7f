"""At which locations the goods of an order lie, and which ones its parcels left from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.inventory.models import InventoryLevel, InventoryMovement, Location


def promised_at(session: Session, lines: Sequence[Any]) -> dict[int, str]:
    """Return line -> the names of the locations where its units wait, for lines whose stock is counted."""
    levels = {line.id: [part["level_id"] for part in line.components] or [line.level_id] for line in lines}
    wanted = {level_id for ids in levels.values() for level_id in ids if level_id is not None}
    found = (
        select(InventoryLevel.id, Location.name)
        .join(Location, Location.id == InventoryLevel.location_id)
        .where(InventoryLevel.id.in_(wanted))
    )
    names = {row[0]: row[1] for row in session.execute(found)}
    return {line_id: _joined(names[one] for one in ids if one in names) for line_id, ids in levels.items()}


def left_from(session: Session, order_id: int) -> dict[int, str]:
    """Return parcel -> the names of the locations that the ledger says it left from."""
    shipped = (
        select(InventoryMovement.fulfillment_id, Location.name)
        .join(InventoryLevel, InventoryLevel.id == InventoryMovement.level_id)
        .join(Location, Location.id == InventoryLevel.location_id)
        .where(InventoryMovement.order_id == order_id, InventoryMovement.kind == "shipped")
        .order_by(InventoryMovement.id)
    )
    names: dict[int | None, list[str]] = {}
    for parcel, name in session.execute(shipped):
        names.setdefault(parcel, []).append(name)
    return {parcel: _joined(found) for parcel, found in names.items() if parcel is not None}


def _joined(names: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(names))
