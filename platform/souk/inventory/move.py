"""Ship, give back and receive stock of orders; each writes the ledger and the level together."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from souk.catalog.models import Variant
from souk.inventory.errors import UnknownLevel
from souk.inventory.levels import FREE
from souk.inventory.models import InventoryLevel, InventoryMovement
from souk.inventory.notice import tell_if_crossed
from souk.inventory.units import fold
from souk.kernel import clock


@dataclass(frozen=True, slots=True)
class Cause:
    """Why stock moves, for the ledger."""

    order_id: int | None = None
    fulfillment_id: int | None = None
    actor: str = "system"
    reason: str = ""


def ship(session: Session, level_id: int, quantity: int, cause: Cause) -> None:
    """Take committed units out of the house."""
    _move(session, level_id, "shipped", -quantity, cause, on_hand=-quantity, committed=-quantity)


def deallocate(session: Session, level_id: int, quantity: int, cause: Cause, *, restock: bool) -> None:
    """Free committed units of a canceled order; without `restock` they leave the house as well."""
    _move(session, level_id, "released", -quantity, cause, committed=-quantity)
    if not restock:
        lost = Cause(cause.order_id, cause.fulfillment_id, cause.actor, cause.reason or "not_restocked")
        _move(session, level_id, "adjusted", -quantity, lost, on_hand=-quantity)


def receive(session: Session, level_id: int, quantity: int, cause: Cause) -> None:
    """Put units on the shelf: a delivery or a return."""
    _move(session, level_id, "received", quantity, cause, on_hand=quantity)


def _move(
    session: Session, level_id: int, kind: str, quantity: int, cause: Cause, *, on_hand: int = 0, committed: int = 0
) -> None:
    hot = session.execute(select(InventoryLevel.hot).where(InventoryLevel.id == level_id)).scalar_one_or_none()
    if hot is None:
        raise UnknownLevel(level_id)
    if hot:
        fold(session, level_id)
    session.execute(
        insert(InventoryMovement).values(
            level_id=level_id,
            kind=kind,
            quantity=quantity,
            reason=cause.reason,
            order_id=cause.order_id,
            fulfillment_id=cause.fulfillment_id,
            actor=cause.actor,
        )
    )
    row = session.execute(
        update(InventoryLevel)
        .where(InventoryLevel.id == level_id, Variant.id == InventoryLevel.variant_id)
        .values(
            on_hand=InventoryLevel.on_hand + on_hand,
            committed=InventoryLevel.committed + committed,
            updated_at=clock.now(),
        )
        .returning(FREE.label("free"), Variant.id.label("variant_id"), Variant.product_id)
    ).one()
    before = row.free - on_hand + committed
    tell_if_crossed(session, product_id=row.product_id, variant_id=row.variant_id, before=before, after=row.free)
