"""Ship, give back and receive stock of orders; each writes the ledger and the level together."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from souk.catalog.models import Variant
from souk.inventory.cause import Cause
from souk.inventory.errors import UnknownLevel
from souk.inventory.levels import FREE, LIMITS
from souk.inventory.models import InventoryLevel, InventoryMovement
from souk.inventory.notice import tell_if_crossed
from souk.inventory.units import fold
from souk.kernel import clock


def ship(session: Session, level_id: int, quantity: int, cause: Cause) -> None:
    """Take committed units out of the house."""
    _move(session, level_id, cause, [("shipped", -quantity, "")], on_hand=-quantity, committed=-quantity)


def deallocate(session: Session, level_id: int, quantity: int, cause: Cause, *, restock: bool) -> None:
    """Free committed units of a canceled order; without `restock` they leave the house as well."""
    entries = [("released", -quantity, cause.reason)]
    if not restock:
        # One update for both: between two the units would be for sale.
        entries.append(("adjusted", -quantity, cause.reason or "not_restocked"))
    _move(session, level_id, cause, entries, on_hand=0 if restock else -quantity, committed=-quantity)


def receive(session: Session, level_id: int, quantity: int, cause: Cause) -> None:
    """Put units on the shelf: a delivery or a return."""
    _move(session, level_id, cause, [("received", quantity, cause.reason)], on_hand=quantity)


def _move(
    session: Session,
    level_id: int,
    cause: Cause,
    entries: Sequence[tuple[str, int, str]],
    *,
    on_hand: int = 0,
    committed: int = 0,
) -> None:
    hot = session.execute(select(InventoryLevel.hot).where(InventoryLevel.id == level_id)).scalar_one_or_none()
    if hot is None:
        raise UnknownLevel(level_id)
    if hot:
        # Sold units are not in `committed` before the fold; the second one sells what came back.
        fold(session, level_id)
    _write(session, level_id, cause, entries)
    row = session.execute(
        update(InventoryLevel)
        .where(InventoryLevel.id == level_id, Variant.id == InventoryLevel.variant_id)
        .values(
            on_hand=InventoryLevel.on_hand + on_hand,
            committed=InventoryLevel.committed + committed,
            version=InventoryLevel.version + (1 if on_hand else 0),
            updated_at=clock.now(),
        )
        .returning(FREE.label("free"), Variant.id.label("variant_id"), Variant.product_id, *LIMITS)
    ).one()
    if hot:
        fold(session, level_id)
        return
    before = row.free - on_hand + committed
    tell_if_crossed(
        session,
        level_id=level_id,
        product_id=row.product_id,
        variant_id=row.variant_id,
        before=before,
        after=row.free,
        limits=row,
    )


def _write(session: Session, level_id: int, cause: Cause, entries: Sequence[tuple[str, int, str]]) -> None:
    rows = [
        {
            "level_id": level_id,
            "kind": kind,
            "quantity": quantity,
            "reason": reason,
            "order_id": cause.order_id,
            "fulfillment_id": cause.fulfillment_id,
            "transfer_id": cause.transfer_id,
            "count_id": cause.count_id,
            "actor": cause.actor,
        }
        for kind, quantity, reason in entries
    ]
    session.execute(insert(InventoryMovement), rows)
