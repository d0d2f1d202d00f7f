"""Send goods from one location to another, or expect them from a supplier."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from souk.catalog.models import Variant
from souk.inventory.cause import Cause
from souk.inventory.change import MOST, find_location, lock_levels, move_on_hand, open_levels
from souk.inventory.errors import BadTransfer, NotEnoughToSend
from souk.inventory.models import InventoryLevel, InventoryTransfer, InventoryTransferLine
from souk.inventory.state import LevelState

MAX_LINES = 2_000
MAX_REFERENCE = 100


def create_transfer(
    session: Session,
    origin_id: int | None,
    destination_id: int,
    quantities: Mapping[int, int],
    *,
    actor: str,
    reference: str = "",
    expected_at: datetime | None = None,
) -> int:
    """Send `quantities` (variant -> units) on their way and return the transfer's id.

    They leave the origin's shelf at once and are `incoming` at the destination until they are received. Without an
    origin they come from a supplier. `expected_at` is aware; `reference` is free text, such as a parcel number.

    Raises:
        BadTransfer, UnknownLocation, UnknownVariant: nothing was changed.
        NotEnoughToSend: the origin has fewer free units; `items` names them.

    """
    _check(origin_id, destination_id, quantities, reference)
    find_location(session, destination_id)
    row = insert(InventoryTransfer).values(
        origin_id=origin_id,
        destination_id=destination_id,
        reference=reference.strip(),
        expected_at=expected_at,
        actor=actor,
    )
    transfer_id = session.execute(row.returning(InventoryTransfer.id)).scalar_one()
    lines = [
        {"transfer_id": transfer_id, "variant_id": variant_id, "quantity": quantity}
        for variant_id, quantity in sorted(quantities.items())
    ]
    places = [place for place in (origin_id, destination_id) if place is not None]
    lock_levels(session, places, quantities)
    session.execute(insert(InventoryTransferLine), lines)
    if origin_id is not None:
        levels = open_levels(session, origin_id, quantities)
        _send(session, levels, quantities, Cause(actor=actor, reason="transfer", transfer_id=transfer_id))
    expect(session, destination_id, quantities)
    return transfer_id


def expect(session: Session, location_id: int, quantities: Mapping[int, int]) -> None:
    """Add to (below zero: take from) what is on its way to a location; its levels are locked."""
    for variant_id, quantity in quantities.items():
        session.execute(
            update(InventoryLevel)
            .where(InventoryLevel.location_id == location_id, InventoryLevel.variant_id == variant_id)
            .values(incoming=InventoryLevel.incoming + quantity)
        )


def _check(origin_id: int | None, destination_id: int, quantities: Mapping[int, int], reference: str) -> None:
    if origin_id == destination_id:
        raise BadTransfer("Origin and destination are the same; choose another destination.", field="destination_id")
    if not 1 <= len(quantities) <= MAX_LINES:
        raise BadTransfer(f"A transfer has 1 to {MAX_LINES:,} variants; split it or add some.", field="lines")
    if any(not 0 < quantity <= MOST for quantity in quantities.values()):
        raise BadTransfer(f"Each quantity is a whole number from 1 to {MOST:,}.", field="quantity")
    if len(reference) > MAX_REFERENCE or "\x00" in reference:
        raise BadTransfer(f"A reference has at most {MAX_REFERENCE} characters.", field="reference")


def _send(session: Session, levels: Mapping[int, LevelState], quantities: Mapping[int, int], cause: Cause) -> None:
    # Not beyond the shelf, whatever may be sold beyond it: what is not there cannot be put on a lorry.
    short = [
        {"variant_id": variant_id, "available": max(levels[variant_id].available, 0)}
        for variant_id, quantity in quantities.items()
        if levels[variant_id].available < quantity
    ]
    if short:
        own = select(Variant.id, Variant.sku, Variant.title).where(
            Variant.id.in_([each["variant_id"] for each in short])
        )
        raise NotEnoughToSend(short, {row.id: row.sku or row.title for row in session.execute(own)})
    for variant_id, quantity in quantities.items():
        move_on_hand(session, levels[variant_id], -quantity, "adjusted", cause)
