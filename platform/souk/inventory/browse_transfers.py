"""Read transfers: which are on their way, and what is in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from souk.catalog.models import Product, Variant
from souk.inventory.errors import UnknownTransfer
from souk.inventory.models import InventoryTransfer, InventoryTransferLine, Location

STATUSES: Mapping[str, str] = {"in_transit": "On its way", "received": "Received", "canceled": "Canceled"}


@dataclass(frozen=True, slots=True)
class TransferRow:
    """`origin` is empty for goods from a supplier. `sent` and `received` are units over all lines."""

    id: int
    origin_id: int | None
    origin: str
    destination_id: int
    destination: str
    status: str
    reference: str
    expected_at: datetime | None
    actor: str
    created_at: datetime
    closed_at: datetime | None
    sent: int
    received: int


@dataclass(frozen=True, slots=True)
class TransferLineRow:
    variant_id: int
    product_id: int
    product_title: str
    variant_title: str
    sku: str
    quantity: int
    received: int


def list_transfers(session: Session, *, status: str = "", limit: int = 50, offset: int = 0) -> list[TransferRow]:
    """Return transfers, the newest first; `status` is one of STATUSES or empty for all."""
    query = _transfers()
    if status:
        query = query.where(InventoryTransfer.status == status)
    rows = session.execute(query.order_by(InventoryTransfer.id.desc()).limit(limit).offset(offset))
    return [TransferRow(*row) for row in rows]


def read_transfer(session: Session, transfer_id: int) -> tuple[TransferRow, list[TransferLineRow]]:
    """Return a transfer with its lines; raises UnknownTransfer."""
    row = session.execute(_transfers().where(InventoryTransfer.id == transfer_id)).first()
    if row is None:
        raise UnknownTransfer(transfer_id)
    line = InventoryTransferLine
    lines = session.execute(
        select(Variant.id, Product.id, Product.title, Variant.title, Variant.sku, line.quantity, line.received)
        .select_from(line)
        .join(Variant, Variant.id == line.variant_id)
        .join(Product, Product.id == Variant.product_id)
        .where(line.transfer_id == transfer_id)
        .order_by(Product.title, Variant.position, Variant.id)
    )
    return TransferRow(*row), [TransferLineRow(*one) for one in lines]


def _transfers() -> Any:
    origin, destination, line = aliased(Location), aliased(Location), InventoryTransferLine
    of_this = line.transfer_id == InventoryTransfer.id
    sent = select(func.coalesce(func.sum(line.quantity), 0)).where(of_this).scalar_subquery()
    received = select(func.coalesce(func.sum(line.received), 0)).where(of_this).scalar_subquery()
    return (
        select(
            InventoryTransfer.id,
            InventoryTransfer.origin_id,
            func.coalesce(origin.name, ""),
            InventoryTransfer.destination_id,
            destination.name,
            InventoryTransfer.status,
            InventoryTransfer.reference,
            InventoryTransfer.expected_at,
            InventoryTransfer.actor,
            InventoryTransfer.created_at,
            InventoryTransfer.closed_at,
            sent,
            received,
        )
        .outerjoin(origin, origin.id == InventoryTransfer.origin_id)
        .join(destination, destination.id == InventoryTransfer.destination_id)
    )
