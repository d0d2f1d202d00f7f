"""Read stock for staff and programs: the levels with filters, and the ledger with its causes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, ColumnElement, and_, case, func, literal_column, or_, select, true
from sqlalchemy.orm import Session

from souk.catalog.copies import free, is_bundle
from souk.catalog.models import Product, Variant
from souk.inventory.models import InventoryLevel, InventoryMovement, Location
from souk.inventory.state import FREE_UNITS

STATUSES: Mapping[str, str] = {
    "in_stock": "In stock",
    "low": "Low",
    "out": "Sold out",
    "oversold": "Promised beyond stock",
    "incoming": "On its way",
    "hot": "Sold by unit",
}
_BUNDLE: ColumnElement[bool] = literal_column(is_bundle("variants"), Boolean)
# A bundle has no shelf of its own: what its parts allow counts, whatever level it may have from before.
_FREE: ColumnElement[int] = case(
    (_BUNDLE, literal_column(free("variants"), BigInteger)),
    else_=InventoryLevel.on_hand - InventoryLevel.committed - InventoryLevel.reserved + FREE_UNITS,
)
_IS: Mapping[str, ColumnElement[bool]] = {
    "in_stock": _FREE > 0,
    "low": InventoryLevel.low_stock_at >= _FREE,
    "out": func.coalesce(_FREE, 0) <= 0,
    "oversold": _FREE < 0,
    "incoming": InventoryLevel.incoming > 0,
    "hot": InventoryLevel.hot.is_(True),
}


@dataclass(frozen=True, slots=True)
class StockFilter:
    """`text` is looked for in product title, SKU and barcode; `status` is one of STATUSES or empty.

    Without `location_id` every active location is listed; variants whose stock is not tracked are left out.
    A bundle is one row, at the first location.
    """

    text: str = ""
    location_id: int | None = None
    status: str = ""
    variant_ids: Sequence[int] | None = None


@dataclass(frozen=True, slots=True)
class StockRow:
    """A variant at a location; zeros and version 0 where nothing was ever set. `level_id` is None there.

    Of a `bundle` only `available` says something: as many as its parts allow, ENDLESS where nothing limits it.
    """

    variant_id: int
    product_id: int
    product_title: str
    variant_title: str
    sku: str
    barcode: str
    inventory_policy: str
    backorder_limit: int | None
    location_id: int
    location: str
    level_id: int | None
    on_hand: int
    committed: int
    reserved: int
    available: int
    incoming: int
    low_stock_at: int | None
    hot: bool
    hot_pinned: bool
    version: int
    bundle: bool


def list_stock(session: Session, wanted: StockFilter, *, limit: int = 50, offset: int = 0) -> list[StockRow]:
    """Return rows by product title, variant and location; ask for one more than shown to learn of a next page."""
    level = InventoryLevel
    columns: tuple[Any, ...] = (
        Variant.id,
        Product.id,
        Product.title,
        Variant.title,
        Variant.sku,
        Variant.barcode,
        Variant.inventory_policy,
        Variant.backorder_limit,
        Location.id,
        Location.name,
        level.id,
        func.coalesce(level.on_hand, 0),
        func.coalesce(level.committed, 0),
        func.coalesce(level.reserved - FREE_UNITS, 0),
        func.coalesce(_FREE, 0),
        func.coalesce(level.incoming, 0),
        level.low_stock_at,
        func.coalesce(level.hot, False),
        func.coalesce(level.hot_pinned, False),
        func.coalesce(level.version, 0),
        _BUNDLE,
    )
    rows = session.execute(
        select(*columns)
        .select_from(Variant)
        .join(Product, Product.id == Variant.product_id)
        .join(Location, Location.active.is_(True) if wanted.location_id is None else Location.id == wanted.location_id)
        .outerjoin(level, and_(level.variant_id == Variant.id, level.location_id == Location.id, ~_BUNDLE))
        .where(or_(Variant.inventory_tracked, _BUNDLE), _once(wanted), *_conditions(wanted))
        .order_by(Product.title, Product.id, Variant.position, Variant.id, Location.priority, Location.id)
        .limit(limit)
        .offset(offset)
    )
    return [StockRow(*row) for row in rows]


def _once(wanted: StockFilter) -> ColumnElement[bool]:
    """Keep one row of each bundle."""
    first = select(func.min(Location.id)).where(Location.active)
    return or_(~_BUNDLE, true() if wanted.location_id is not None else Location.id == first.scalar_subquery())


def _conditions(wanted: StockFilter) -> list[ColumnElement[bool]]:
    conditions = []
    if wanted.text:
        text = wanted.text.lower()
        conditions.append(
            or_(
                func.lower(Product.title).contains(text, autoescape=True),
                func.lower(Variant.sku).contains(text, autoescape=True),
                func.lower(Variant.barcode) == text,
            )
        )
    if wanted.variant_ids is not None:
        conditions.append(Variant.id.in_(wanted.variant_ids))
    if wanted.status in _IS:
        conditions.append(_IS[wanted.status])
    return conditions


@dataclass(frozen=True, slots=True)
class MovementRow:
    """One line of the ledger, with what moved it. `quantity` is what it added to on hand or to committed.

    `on_hand_after` is what stood on the shelf of that location afterwards.
    """

    id: int
    location_id: int
    location: str
    kind: str
    quantity: int
    reason: str
    order_id: int | None
    fulfillment_id: int | None
    transfer_id: int | None
    count_id: int | None
    actor: str
    created_at: datetime
    on_hand_after: int


def movements_of(
    session: Session, variant_id: int, *, location_id: int | None = None, before_id: int | None = None, limit: int = 50
) -> list[MovementRow]:
    """Return the ledger of a variant, newest first; `before_id` is the last id of the page before."""
    movement = InventoryMovement
    changes_shelf = movement.kind.in_(["received", "adjusted", "shipped"])
    on_hand = func.sum(movement.quantity).filter(changes_shelf)
    columns: tuple[Any, ...] = (
        movement.id, InventoryLevel.location_id, Location.name, movement.kind, movement.quantity, movement.reason,
        movement.order_id, movement.fulfillment_id, movement.transfer_id, movement.count_id, movement.actor,
        movement.created_at,
        func.coalesce(on_hand.over(partition_by=movement.level_id, order_by=movement.id), 0).label("on_hand_after"),
    )  # fmt: skip
    ledger = (
        select(*columns)
        .select_from(movement)
        .join(InventoryLevel, InventoryLevel.id == movement.level_id)
        .join(Location, Location.id == InventoryLevel.location_id)
        .where(InventoryLevel.variant_id == variant_id)
        .subquery()
    )
    page = select(*ledger.c).order_by(ledger.c.id.desc()).limit(limit)
    if location_id is not None:
        page = page.where(ledger.c.location_id == location_id)
    if before_id is not None:
        page = page.where(ledger.c.id < before_id)
    return [MovementRow(*row) for row in session.execute(page)]
