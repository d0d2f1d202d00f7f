"""Promise stock to an order that stands already, without a checkout in between."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import insert, or_, select, update
from sqlalchemy.orm import Session

from souk.catalog.models import Variant
from souk.inventory.cause import Cause
from souk.inventory.errors import OutOfStock
from souk.inventory.levels import ALLOWED, FREE, LIMITS, demand
from souk.inventory.models import InventoryLevel, InventoryMovement
from souk.inventory.notice import tell_if_crossed
from souk.inventory.units import fold
from souk.kernel import clock


def choose_levels(session: Session, wanted: Mapping[int, int]) -> dict[int, int]:
    """Return variant -> the level that serves it; variants that are not counted are left out. Raises OutOfStock."""
    return {need.variant_id: need.level_id for need in demand(session, wanted, {})} if wanted else {}


def commit_units(session: Session, level_id: int, quantity: int, cause: Cause) -> None:
    """Take free units of a level for an order; call it last and in level order, as every transaction does.

    Raises:
        OutOfStock: fewer are free; the transaction must be rolled back.

    """
    hot = session.execute(select(InventoryLevel.hot).where(InventoryLevel.id == level_id)).scalar_one()
    if hot:
        # The pool of a hot level holds its free units: for this moment they are in the counter.
        fold(session, level_id, pool=0)
    level = InventoryLevel
    row = session.execute(
        update(level)
        .where(level.id == level_id, Variant.id == level.variant_id, or_(ALLOWED.is_(None), quantity <= FREE + ALLOWED))
        .values(committed=level.committed + quantity, updated_at=clock.now())
        .returning(FREE.label("free"), Variant.id.label("variant_id"), Variant.product_id, *LIMITS)
    ).first()
    if row is None:
        raise OutOfStock([_shortage(session, level_id)])
    movement = {"level_id": level_id, "kind": "allocated", "quantity": quantity, "reason": cause.reason}
    session.execute(insert(InventoryMovement).values(**movement, order_id=cause.order_id, actor=cause.actor))
    if hot:
        fold(session, level_id)
        return
    tell_if_crossed(
        session,
        level_id=level_id,
        product_id=row.product_id,
        variant_id=row.variant_id,
        before=row.free + quantity,
        after=row.free,
        limits=row,
    )


def _shortage(session: Session, level_id: int) -> dict[str, int]:
    row = session.execute(select(InventoryLevel.variant_id, FREE).where(InventoryLevel.id == level_id)).one()
    return {"variant_id": row[0], "available": max(row[1], 0)}
