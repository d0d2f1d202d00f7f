"""Find the levels of the same goods at another location."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.inventory.change import find_location, lock_levels
from souk.inventory.models import InventoryLevel


def same_goods_at(session: Session, location_id: int, level_ids: Iterable[int]) -> dict[int, int]:
    """Return level -> the level of its variant at the location, made empty where it is missing; both are locked.

    Raises:
        UnknownLocation: nothing was changed.

    """
    place, wanted = find_location(session, location_id), sorted(set(level_ids))
    columns = (InventoryLevel.id, InventoryLevel.variant_id, InventoryLevel.location_id)
    old = {row.id: row for row in session.execute(select(*columns).where(InventoryLevel.id.in_(wanted)))}
    variants = {row.variant_id for row in old.values()}
    lock_levels(session, sorted({place, *(row.location_id for row in old.values())}), variants)
    here = select(*columns).where(InventoryLevel.location_id == place, InventoryLevel.variant_id.in_(variants))
    new = {row.variant_id: row.id for row in session.execute(here)}
    return {level_id: new[row.variant_id] for level_id, row in old.items()}
