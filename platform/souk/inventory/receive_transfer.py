"""Goods of a transfer arrive, wholly or in part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from souk.inventory.cause import Cause
from souk.inventory.change import move_on_hand, open_levels
from souk.inventory.errors import BadQuantity, MoreThanSent, TransferEnded, UnknownTransfer
from souk.inventory.models import InventoryTransfer, InventoryTransferLine
from souk.inventory.transfer import expect
from souk.kernel import clock


def receive_transfer(
    session: Session, transfer_id: int, quantities: Mapping[int, int] | None = None, *, actor: str
) -> str:
    """Put `quantities` (variant -> units), or all that is left, on the destination's shelf; returns the new status.

    The transfer is `received` when nothing is on its way any more, and `in_transit` until then.

    Raises:
        UnknownTransfer, TransferEnded, MoreThanSent, BadQuantity: nothing was changed.

    """
    transfer = lock_transfer(session, transfer_id)
    left = open_lines(session, transfer_id)
    arrived = dict(left) if quantities is None else {one: number for one, number in quantities.items() if number}
    for variant_id, quantity in arrived.items():
        if quantity < 0:
            raise BadQuantity(0, left.get(variant_id, 0))
        if quantity > left.get(variant_id, 0):
            raise MoreThanSent(variant_id, left.get(variant_id, 0))
    _shelve(session, transfer, arrived, actor)
    if sum(left.values()) > sum(arrived.values()):
        return "in_transit"
    end_transfer(session, transfer_id, "received")
    return "received"


def _shelve(session: Session, transfer: Any, arrived: Mapping[int, int], actor: str) -> None:
    if not arrived:
        return
    levels = open_levels(session, transfer.destination_id, arrived)
    expect(session, transfer.destination_id, {variant_id: -quantity for variant_id, quantity in arrived.items()})
    cause = Cause(actor=actor, reason="transfer", transfer_id=transfer.id)
    for variant_id, quantity in arrived.items():
        session.execute(
            update(InventoryTransferLine)
            .where(InventoryTransferLine.transfer_id == transfer.id, InventoryTransferLine.variant_id == variant_id)
            .values(received=InventoryTransferLine.received + quantity)
        )
        move_on_hand(session, levels[variant_id], quantity, "received", cause)


def lock_transfer(session: Session, transfer_id: int) -> Any:
    """Return (id, origin_id, destination_id) of a transfer on its way, its row locked.

    Raises UnknownTransfer, TransferEnded.
    """
    columns = select(
        InventoryTransfer.id, InventoryTransfer.origin_id, InventoryTransfer.destination_id, InventoryTransfer.status
    )
    transfer = session.execute(columns.where(InventoryTransfer.id == transfer_id).with_for_update()).first()
    if transfer is None:
        raise UnknownTransfer(transfer_id)
    if transfer.status != "in_transit":
        raise TransferEnded(transfer_id, transfer.status)
    return transfer


def open_lines(session: Session, transfer_id: int) -> dict[int, int]:
    """Return variant -> units that are still on their way."""
    line = InventoryTransferLine
    left = (line.quantity - line.received).label("left")
    rows = session.execute(
        select(line.variant_id, left).where(line.transfer_id == transfer_id, left > 0).order_by(line.variant_id)
    )
    return {row.variant_id: row.left for row in rows}


def end_transfer(session: Session, transfer_id: int, status: str) -> None:
    session.execute(
        update(InventoryTransfer)
        .where(InventoryTransfer.id == transfer_id)
        .values(status=status, closed_at=clock.now())
    )
