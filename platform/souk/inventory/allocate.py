"""Turn what a checkout holds into stock that belongs to an order."""

from __future__ import annotations

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from souk.inventory.models import InventoryLevel, InventoryMovement, InventoryReservation
from souk.inventory.units import hold_units
from souk.kernel import clock


def allocate(session: Session, checkout_id: int, order_id: int, actor: str = "customer") -> None:
    """Allocate every open reservation of the checkout to the order; the levels are updated last, in id order."""
    rows = session.execute(
        update(InventoryReservation)
        .where(
            InventoryReservation.checkout_id == checkout_id,
            InventoryReservation.status == "open",
            InventoryLevel.id == InventoryReservation.level_id,
        )
        .values(status="allocated")
        .returning(
            InventoryReservation.id,
            InventoryReservation.level_id,
            InventoryReservation.quantity,
            InventoryLevel.hot,
        )
    ).all()
    if not rows:
        return
    movements = [
        {
            "level_id": row.level_id,
            "kind": "allocated",
            "quantity": row.quantity,
            "order_id": order_id,
            "actor": actor,
        }
        for row in rows
    ]
    session.execute(insert(InventoryMovement), movements)
    for row in sorted(rows, key=lambda row: row.level_id):
        # Units of a hot level are counted by `fold` later; what was reserved before it became hot is not a unit.
        in_units = hold_units(session, row.level_id, row.id, row.quantity) if row.hot else 0
        if row.quantity > in_units:
            _commit(session, row.level_id, row.quantity - in_units)


def _commit(session: Session, level_id: int, quantity: int) -> None:
    session.execute(
        update(InventoryLevel)
        .where(InventoryLevel.id == level_id)
        .values(
            reserved=InventoryLevel.reserved - quantity,
            committed=InventoryLevel.committed + quantity,
            updated_at=clock.now(),
        )
    )
