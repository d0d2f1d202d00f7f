"""Choose the stock level that serves each wanted variant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import ARRAY, BigInteger, ColumnElement, and_, any_, bindparam, case, func, or_, select
from sqlalchemy.orm import Session

from souk.catalog.bundles.models import BundleComponent
from souk.catalog.models import Variant
from souk.inventory.errors import OutOfStock
from souk.inventory.models import InventoryLevel, InventoryUnit, Location
from souk.kernel.statement import Statement

CONTINUE = "continue"
FREE: ColumnElement[int] = InventoryLevel.on_hand - InventoryLevel.committed - InventoryLevel.reserved
# How far below zero buyers may go: null where that has no end.
ALLOWED: ColumnElement[int | None] = case((InventoryLevel.oversellable, InventoryLevel.oversell_limit), else_=0)
# The most units that one bundle takes of the level's variant; null where none does.
_BUNDLED = (
    select(func.max(BundleComponent.quantity))
    .where(BundleComponent.component_id == InventoryLevel.variant_id)
    .correlate(InventoryLevel)
    .scalar_subquery()
)
# Where a change of the level has to be told, for `souk.inventory.notice`.
LIMITS: tuple[Any, ...] = (
    InventoryLevel.low_stock_at,
    InventoryLevel.oversell_limit.label("ahead"),
    _BUNDLED.label("bundled"),
)


def in_active_location() -> ColumnElement[bool]:
    return InventoryLevel.location_id.in_(select(Location.id).where(Location.active))


# Null asks all locations.
_PLACE = bindparam("location_id", type_=BigInteger)
_AT = or_(_PLACE.is_(None), InventoryLevel.location_id == _PLACE)
_LEVELS = Statement[Any](
    select(
        Variant.id,
        Variant.product_id,
        Variant.inventory_tracked,
        Variant.inventory_policy,
        Variant.backorder_limit,
        InventoryLevel.id.label("level_id"),
        InventoryLevel.hot,
        ALLOWED.label("allowed"),
        FREE.label("free"),
    )
    .select_from(Variant)
    .outerjoin(InventoryLevel, and_(InventoryLevel.variant_id == Variant.id, in_active_location(), _AT))
    .outerjoin(Location, Location.id == InventoryLevel.location_id)
    .where(Variant.id == any_(bindparam("variant_ids", type_=ARRAY(BigInteger))))
    .order_by(Variant.id, Location.priority, Location.id)
)


@dataclass(frozen=True, slots=True)
class Demand:
    """`quantity` of one variant, to be taken from one level."""

    level_id: int
    variant_id: int
    product_id: int
    quantity: int
    hot: bool


def demand(
    session: Session, wanted: Mapping[int, int], held: Mapping[int, int], location_id: int | None = None
) -> list[Demand]:
    """Return what has to be taken, in level order, which every transaction keeps so that none waits in a circle.

    `wanted` maps variant to quantity, `held` level to what the same checkout holds already. With `location_id` only
    that location serves.
    Variants that are not counted are left out. Raises OutOfStock for a variant that has no stock at all.
    """
    rows = _LEVELS.all(session, variant_ids=list(wanted), location_id=location_id)
    groups: dict[int, list[Any]] = {variant_id: list(group) for variant_id, group in groupby(rows, attrgetter("id"))}
    units = _units(session, groups)
    chosen = [_choose(variant_id, wanted[variant_id], groups.get(variant_id, []), held, units) for variant_id in wanted]
    return sorted((one for one in chosen if one is not None), key=attrgetter("level_id"))


def _units(session: Session, groups: Mapping[int, list[Any]]) -> dict[int, int]:
    """Return the free units of hot levels that have another level beside them; one alone is simply tried."""
    hot = [row.level_id for rows in groups.values() if len(rows) > 1 for row in rows if row.hot]
    if not hot:
        return {}
    counted = select(InventoryUnit.level_id, func.count()).where(
        InventoryUnit.level_id.in_(hot), InventoryUnit.reservation_id.is_(None)
    )
    return {row[0]: row[1] for row in session.execute(counted.group_by(InventoryUnit.level_id))}


def _choose(
    variant_id: int, quantity: int, rows: list[Any], held: Mapping[int, int], units: Mapping[int, int]
) -> Demand | None:
    if rows and not rows[0].inventory_tracked:
        return None
    levels = [row for row in rows if row.level_id is not None]
    if not levels:
        if rows and rows[0].inventory_policy == CONTINUE and rows[0].backorder_limit is None:
            return None
        raise OutOfStock([{"variant_id": variant_id, "available": 0}])
    # What is held stays where it is; otherwise the first location that can serve the whole line, from its
    # shelf if one can.
    levels.sort(key=lambda row: row.level_id not in held)

    def on_shelf(row: Any) -> int:
        return int(row.free + units.get(row.level_id, 0) + held.get(row.level_id, 0))

    served = (
        next((row for row in levels if on_shelf(row) >= quantity), None)
        or next((row for row in levels if row.allowed is None or on_shelf(row) + row.allowed >= quantity), None)
        or levels[0]
    )
    return Demand(served.level_id, variant_id, served.product_id, quantity, served.hot)
