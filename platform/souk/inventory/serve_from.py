"""Let units that an order was promised at one location leave from another."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.inventory.cause import Cause
from souk.inventory.change import find_location, lock_levels
from souk.inventory.commit import commit_units
from souk.inventory.models import InventoryLevel
from souk.inventory.move import deallocate


def serve_from(session: Session, location_id: int, promised: Mapping[int, int], cause: Cause) -> dict[int, int]:
    """Promise `promised` (level -> units) at one location, and return level -> units there, in level order.

    Call it last, as it locks the levels; what lies there already stays as it is.

    Raises:
        UnknownLocation, OutOfStock: the transaction must be rolled back.

    """
    place = find_location(session, location_id)
    columns = (InventoryLevel.id, InventoryLevel.variant_id, InventoryLevel.location_id)
    old = {row.id: row for row in session.execute(select(*columns).where(InventoryLevel.id.in_(promised)))}
    variants = {row.variant_id for row in old.values()}
    lock_levels(session, sorted({place, *(row.location_id for row in old.values())}), variants)
    here = select(*columns).where(InventoryLevel.location_id == place, InventoryLevel.variant_id.in_(variants))
    new = {row.variant_id: row.id for row in session.execute(here)}
    served: dict[int, int] = {}
    for level_id, units in promised.items():
        target = new[old[level_id].variant_id]
        if target != level_id:
            deallocate(session, level_id, units, cause, restock=True)
            commit_units(session, target, units, cause)
        served[target] = served.get(target, 0) + units
    return dict(sorted(served.items()))
