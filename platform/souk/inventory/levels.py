"""Choose the stock level that serves each wanted variant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from souk.catalog.models import Variant
from souk.inventory.errors import OutOfStock
from souk.inventory.models import InventoryLevel, Location

CONTINUE = "continue"
FREE: ColumnElement[int] = InventoryLevel.on_hand - InventoryLevel.committed - InventoryLevel.reserved


@dataclass(frozen=True, slots=True)
class Demand:
    """`quantity` of one variant, to be taken from one level."""

    level_id: int
    variant_id: int
    product_id: int
    quantity: int
    hot: bool


def demand(session: Session, wanted: Mapping[int, int], held: Mapping[int, int]) -> list[Demand]:
    """Return what has to be taken, in level order, which every transaction keeps so that none waits in a circle.

    `wanted` maps variant to quantity, `held` level to what the same checkout holds already.
    Variants that are not counted are left out. Raises OutOfStock for a variant that has no stock at all.
    """
    rows = session.execute(
        select(
            Variant.id,
            Variant.product_id,
            Variant.inventory_tracked,
            Variant.inventory_policy,
            InventoryLevel.id.label("level_id"),
            InventoryLevel.hot,
            InventoryLevel.oversellable,
            FREE.label("free"),
        )
        .outerjoin(
            InventoryLevel,
            and_(
                InventoryLevel.variant_id == Variant.id,
                InventoryLevel.location_id.in_(select(Location.id).where(Location.active)),
            ),
        )
        .where(Variant.id.in_(wanted))
        .order_by(Variant.id, InventoryLevel.location_id)
    ).all()
    groups: dict[int, list[Any]] = {variant_id: list(group) for variant_id, group in groupby(rows, attrgetter("id"))}
    chosen = [_choose(variant_id, wanted[variant_id], groups.get(variant_id, []), held) for variant_id in wanted]
    return sorted((one for one in chosen if one is not None), key=attrgetter("level_id"))


def _choose(variant_id: int, quantity: int, rows: list[Any], held: Mapping[int, int]) -> Demand | None:
    if rows and not rows[0].inventory_tracked:
        return None
    levels = [row for row in rows if row.level_id is not None]
    if not levels:
        if rows and rows[0].inventory_policy == CONTINUE:
            return None
        raise OutOfStock([{"variant_id": variant_id, "available": 0}])
    # What is held stays where it is; otherwise the first location that can serve the whole line.
    levels.sort(key=lambda row: row.level_id not in held)
    enough = (row for row in levels if row.hot or row.oversellable or row.free + held.get(row.level_id, 0) >= quantity)
    row = next(enough, levels[0])
    return Demand(row.level_id, variant_id, row.product_id, quantity, row.hot)
