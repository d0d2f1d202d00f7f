"""Find documents, for staff by id and for buyers within their own order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from souk.orders.documents.errors import UnknownDocument
from souk.orders.models import OrderDocument

FOR_BUYERS = ("invoice", "credit_note")


def read_document(session: Session, document_id: int, order_id: int | None = None) -> Row[Any]:
    """Return a document with its snapshot; with `order_id` only one of that order. Raises UnknownDocument."""
    found = select(*OrderDocument.__table__.c).where(OrderDocument.id == document_id)
    if order_id is not None:
        found = found.where(OrderDocument.order_id == order_id, OrderDocument.kind.in_(FOR_BUYERS))
    row = session.execute(found).first()
    if row is None:
        raise UnknownDocument
    return row


def documents_of(session: Session, order_id: int, *, for_buyer: bool = False) -> Sequence[Any]:
    """Return the documents of an order without their snapshots, oldest first."""
    columns = (
        OrderDocument.id, OrderDocument.kind, OrderDocument.number, OrderDocument.name, OrderDocument.refund_id,
        OrderDocument.fulfillment_id, OrderDocument.cancels_id, OrderDocument.created_at,
    )  # fmt: skip
    found = select(*columns).where(OrderDocument.order_id == order_id).order_by(OrderDocument.id)
    if for_buyer:
        found = found.where(OrderDocument.kind.in_(FOR_BUYERS))
    return session.execute(found).all()
