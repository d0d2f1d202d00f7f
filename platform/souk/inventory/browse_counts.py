"""Read counts: which are open, and what was found against what was expected."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from souk.catalog.models import Product, Variant
from souk.inventory.errors import UnknownCount
from souk.inventory.models import InventoryCount, InventoryCountLine, Location


@dataclass(frozen=True, slots=True)
class CountRow:
    """`status` is open, applied or canceled; `differing` is how many of the `lines` do not match."""

    id: int
    location_id: int
    location: str
    name: str
    status: str
    actor: str
    created_at: datetime
    closed_at: datetime | None
    lines: int
    differing: int


@dataclass(frozen=True, slots=True)
class CountLineRow:
    variant_id: int
    product_id: int
    product_title: str
    variant_title: str
    sku: str
    barcode: str
    counted: int
    expected: int
    counted_at: datetime


def list_counts(session: Session, *, limit: int = 50, offset: int = 0) -> list[CountRow]:
    """Return counts, the newest first."""
    rows = session.execute(_counts().order_by(InventoryCount.id.desc()).limit(limit).offset(offset))
    return [CountRow(*row) for row in rows]


def read_count(session: Session, count_id: int) -> tuple[CountRow, list[CountLineRow]]:
    """Return a count with its lines, the last entered first; raises UnknownCount."""
    row = session.execute(_counts().where(InventoryCount.id == count_id)).first()
    if row is None:
        raise UnknownCount(count_id)
    line = InventoryCountLine
    columns: tuple[Any, ...] = (
        Variant.id, Product.id, Product.title, Variant.title, Variant.sku, Variant.barcode, line.counted, line.expected,
        line.counted_at,
    )  # fmt: skip
    lines = session.execute(
        select(*columns)
        .select_from(line)
        .join(Variant, Variant.id == line.variant_id)
        .join(Product, Product.id == Variant.product_id)
        .where(line.count_id == count_id)
        .order_by(line.counted_at.desc(), Variant.id)
    )
    return CountRow(*row), [CountLineRow(*one) for one in lines]


def _counts() -> Any:
    line = InventoryCountLine
    lines = select(func.count()).where(line.count_id == InventoryCount.id)
    return select(
        InventoryCount.id,
        InventoryCount.location_id,
        Location.name,
        InventoryCount.name,
        InventoryCount.status,
        InventoryCount.actor,
        InventoryCount.created_at,
        InventoryCount.closed_at,
        lines.scalar_subquery(),
        lines.where(line.counted != line.expected).scalar_subquery(),
    ).join(Location, Location.id == InventoryCount.location_id)
