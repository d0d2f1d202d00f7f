"""Issue documents: each gets the next number of its kind, which no other ever has and none is left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from souk.kernel import clock
from souk.kernel.settings import read_setting
from souk.orders.documents.errors import CannotIssue
from souk.orders.documents.snapshot import of_cancellation, of_order, of_parcel, of_refund
from souk.orders.events import note_event
from souk.orders.locks import lock_order
from souk.orders.models import NumberSequence, OrderDocument
from souk.orders.read import read_order

PREFIXES = {"invoice": "INV-", "credit_note": "CN-", "packing_slip": "PS-"}


def issue_invoice(session: Session, order_id: int, actor: str) -> int:
    """Return the order's invoice, issued where there is none that fits.

    An invoice never changes: where an edit has changed the total, a credit note takes the old one back first.

    Raises:
        UnknownOrder, CannotIssue: nothing was changed.

    """
    lock_order(session, order_id)
    order = read_order(session, order_id)
    if order.total < 0 or order.status == "draft":
        raise CannotIssue("the order is below zero; it is a credit itself")
    known = active_invoice(session, order_id)
    if known is not None and known.snapshot.get("total") == order.total:
        return int(known.id)
    if order.status == "canceled":
        raise CannotIssue("the order is canceled")
    if known is not None:
        _cancel(session, known, actor, "replaced after a change of the order")
    return _write(session, "invoice", order_id, order.locale, of_order(session, order), actor)


def issue_credit_note(session: Session, order_id: int, refund_id: int, actor: str) -> int:
    """Return the credit note of a refund, issued where there is none.

    Raises:
        UnknownOrder, CannotIssue: the refund gave nothing back, or no invoice was issued before.

    """
    lock_order(session, order_id)
    known = _one(session, OrderDocument.refund_id == refund_id)
    if known is not None:
        return int(known.id)
    order = read_order(session, order_id)
    refund = next((one for one in order.refunds if one.id == refund_id), None)
    if refund is None or refund.status != "succeeded" or refund.kind != "refund":
        raise CannotIssue("only a refund that moved money has a credit note")
    invoice = active_invoice(session, order_id)
    if invoice is None:
        raise CannotIssue("the order has no invoice that it would correct; issue that first")
    content = of_refund(session, order, refund, invoice.name)
    return _write(session, "credit_note", order_id, order.locale, content, actor, refund_id=refund_id)


def issue_packing_slip(session: Session, order_id: int, fulfillment_id: int, actor: str) -> int:
    """Return the packing slip of a parcel, issued where there is none; raises UnknownOrder, CannotIssue."""
    lock_order(session, order_id)
    known = _one(session, OrderDocument.fulfillment_id == fulfillment_id)
    if known is not None:
        return int(known.id)
    order = read_order(session, order_id)
    parcel = next((one for one in order.fulfillments if one.id == fulfillment_id), None)
    if parcel is None:
        raise CannotIssue("the order has no such parcel")
    content = of_parcel(session, order, parcel)
    return _write(session, "packing_slip", order_id, order.locale, content, actor, fulfillment_id=fulfillment_id)


def active_invoice(session: Session, order_id: int) -> Row[Any] | None:
    """Return the order's invoice that no credit note took back as a whole."""
    canceled = select(OrderDocument.cancels_id).where(OrderDocument.cancels_id.is_not(None))
    mine = OrderDocument.order_id == order_id
    return _one(session, mine, OrderDocument.kind == "invoice", OrderDocument.id.not_in(canceled))


def _cancel(session: Session, invoice: Row[Any], actor: str, reason: str) -> int:
    content = of_cancellation(invoice.snapshot, invoice.name, reason)
    return _write(session, "credit_note", invoice.order_id, invoice.locale, content, actor, cancels_id=invoice.id)


def _one(session: Session, *where: Any) -> Row[Any] | None:
    found = select(*OrderDocument.__table__.c).where(*where).order_by(OrderDocument.id.desc()).limit(1)
    return session.execute(found).first()


def _write(  # noqa: PLR0917 - private, and all of it is one row
    session: Session, kind: str, order_id: int, locale: str, snapshot: Mapping[str, Any], actor: str, **of: int
) -> int:
    number, now = _next(session, kind), clock.now()
    prefix = str(read_setting(session, "documents").get(f"{kind}_prefix") or PREFIXES[kind])
    row = insert(OrderDocument).values(
        kind=kind, number=number, name=f"{prefix}{number}", order_id=order_id, locale=locale, snapshot=dict(snapshot),
        actor=actor, created_at=now, **of,
    )  # fmt: skip
    document_id = int(session.execute(row.returning(OrderDocument.id)).scalar_one())
    note_event(
        session, order_id, "document_issued", actor, document_id=document_id, document=kind, name=f"{prefix}{number}"
    )
    return document_id


def _next(session: Session, kind: str) -> int:
    """Take the next number; its row stays locked until the commit, so that a failed document leaves no gap."""
    row = upsert(NumberSequence).values(name=kind, next_value=2)
    taken = row.on_conflict_do_update(
        index_elements=[NumberSequence.name], set_={"next_value": NumberSequence.next_value + 1}
    )
    return int(session.execute(taken.returning(NumberSequence.next_value)).scalar_one()) - 1
