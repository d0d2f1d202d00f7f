"""A stock level as staff see it, with the version that a change must carry."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from souk.catalog.models import Variant
from souk.inventory.models import InventoryLevel, InventoryUnit

FREE_UNITS: ColumnElement[int] = case(
    (
        InventoryLevel.hot,
        select(func.count())
        .where(InventoryUnit.level_id == InventoryLevel.id, InventoryUnit.reservation_id.is_(None))
        .correlate(InventoryLevel)
        .scalar_subquery(),
    ),
    else_=0,
)


@dataclass(frozen=True, slots=True)
class LevelState:
    """Numbers of units. `available` = on_hand - committed - reserved, below zero where more was promised.

    `reserved` is what checkouts hold. `version` is 0 for a level that was never set.
    """

    id: int
    variant_id: int
    product_id: int
    location_id: int
    on_hand: int
    committed: int
    reserved: int
    available: int
    incoming: int
    oversellable: bool
    oversell_limit: int | None
    low_stock_at: int | None
    hot: bool
    hot_pinned: bool
    version: int

    @property
    def floor(self) -> int | None:
        """The lowest `available` that a sale may lead to; None where it has no end."""
        return -(self.oversell_limit or 0) if not self.oversellable or self.oversell_limit is not None else None

    def numbers(self) -> dict[str, Any]:
        """Return the fields for a program, as an error or the API shows them."""
        return asdict(self)


def select_levels() -> Any:
    """Return the columns of LevelState from inventory_levels joined to variants."""
    level = InventoryLevel
    reserved = level.reserved - FREE_UNITS
    return select(
        level.id,
        level.variant_id,
        Variant.product_id,
        level.location_id,
        level.on_hand,
        level.committed,
        reserved.label("reserved"),
        (level.on_hand - level.committed - reserved).label("available"),
        level.incoming,
        level.oversellable,
        level.oversell_limit,
        level.low_stock_at,
        level.hot,
        level.hot_pinned,
        level.version,
    ).join(Variant, Variant.id == level.variant_id)


def read_level(session: Session, variant_id: int, location_id: int) -> LevelState | None:
    """Return the level of a variant at a location, None when nothing was ever set there."""
    found = select_levels().where(InventoryLevel.variant_id == variant_id, InventoryLevel.location_id == location_id)
    row = session.execute(found).first()
    return None if row is None else LevelState(*row)
