"""How many units of a variant can still be bought."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from souk.catalog.models import Variant
from souk.inventory.levels import CONTINUE, FREE
from souk.inventory.models import InventoryLevel, InventoryUnit, Location

# What is said of a variant that never runs out: the most that a cart line takes.
UNLIMITED = 10_000


def availability(session: Session, variant_ids: Iterable[int]) -> dict[int, int]:
    """Return variant -> units that can be bought now; UNLIMITED for what is not counted, nothing for unknown ids."""
    units = (
        select(func.count())
        .where(InventoryUnit.level_id == InventoryLevel.id, InventoryUnit.reservation_id.is_(None))
        .scalar_subquery()
    )
    # The pool of a hot level is part of its `reserved`; its free units are for sale all the same.
    pooled = func.sum(FREE + case((InventoryLevel.hot, units), else_=0))
    rows = session.execute(
        select(Variant.id, Variant.inventory_tracked, Variant.inventory_policy, func.coalesce(pooled, 0))
        .outerjoin(
            InventoryLevel,
            and_(
                InventoryLevel.variant_id == Variant.id,
                InventoryLevel.location_id.in_(select(Location.id).where(Location.active)),
            ),
        )
        .where(Variant.id.in_(list(variant_ids)))
        .group_by(Variant.id)
    )
    return {
        variant_id: UNLIMITED if not tracked or policy == CONTINUE else max(int(free), 0)
        for variant_id, tracked, policy, free in rows
    }
