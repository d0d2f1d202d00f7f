"""What happened to some of the demo orders afterwards: edits, returns, a hold, invoices, and drafts on the way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from cli.demo.catalog import Shop
from souk.checkout.draft_invoice import invoice_draft
from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.events import Event
from souk.kernel.settings import write_setting
from souk.kernel.tenancy import TenantScope
from souk.notifications.consume import keep_as_sent
from souk.notifications.facts import primary_origin
from souk.orders.annotate import note_on_order, tag_order
from souk.orders.documents.issue import issue_invoice
from souk.orders.drafting.save import create_draft
from souk.orders.editing.begin import begin_edit, write_edit
from souk.orders.editing.confirm import confirm_edit
from souk.orders.hold import hold_order
from souk.orders.models import DraftOrder, Order, OrderLine
from souk.orders.returning.request import ReturnLine, approve_return, receive_return, request_return
from souk.orders.returning.settle import Inspected, settle_return
from souk.payments.models import PaymentTransaction

STAFF = "system"
_INVOICED = 4


def change_orders(scope: TenantScope, shop: Shop, now: datetime) -> None:
    """Edit, take back, hold and document a few of the replayed orders; a second run finds them and does nothing."""
    with transaction(scope, read_only=True) as session:
        if session.execute(select(DraftOrder.id).limit(1)).first() is not None:
            return
        sent = _orders(session, "fulfilled")
        waiting = _orders(session, "unfulfilled")
    origin = primary_origin(scope)
    with clock.frozen(now - timedelta(hours=3)):
        _edit(scope, waiting, origin)
        _take_back(scope, sent, origin)
        _write_papers(scope, shop, sent, waiting)
        _draft(scope, shop, origin)


def _orders(session: Session, status: str) -> list[int]:
    paid = select(Order.id).where(Order.fulfillment_status == status, Order.status == "open")
    return list(session.scalars(paid.order_by(Order.id.desc()).limit(8)))


def _line(session: Session, order_id: int) -> tuple[int, int]:
    found = select(OrderLine.id, OrderLine.quantity).where(OrderLine.order_id == order_id).order_by(OrderLine.id)
    row = session.execute(found.limit(1)).one()
    return row.id, row.quantity


def _edit(scope: TenantScope, waiting: Sequence[int], origin: str) -> None:
    """One customer takes one more, and has the difference to pay."""
    for order_id in waiting[:1]:
        with transaction(scope) as session:
            begin_edit(session, order_id, STAFF)
            line_id, units = _line(session, order_id)
            plan = write_edit(session, order_id, {line_id: units + 1}, [], "one more, by phone")
        outcome = confirm_edit(scope, order_id, plan.version, STAFF)
        told = {"to_collect": outcome.to_collect, "difference": plan.difference, "currency": plan.currency}
        with transaction(scope) as session:
            keep_as_sent(session, Event("order.edited", order_id, {"change_id": outcome.change_id, **told}), origin)


def _take_back(scope: TenantScope, sent: Sequence[int], origin: str) -> None:
    """One return waits for an answer, one is on its way, one is settled."""
    steps = ("requested", "approved", "closed")
    for order_id, step in zip(sent, steps, strict=False):
        with transaction(scope) as session:
            line_id, _ = _line(session, order_id)
            asked = request_return(session, order_id, [ReturnLine(line_id, 1, "unwanted")], note="Not quite my colour.")
            _tell(session, asked, order_id, origin, "requested")
            if step != "requested":
                approve_return(session, asked, STAFF)
                _tell(session, asked, order_id, origin, "approved")
            if step == "closed":
                receive_return(session, asked, STAFF)
                _tell(session, asked, order_id, origin, "received")
        if step == "closed":
            settle_return(scope, asked, [Inspected(line_id, restock=1)], STAFF)
            with transaction(scope) as session:
                _tell(session, asked, order_id, origin, "closed")
                moved = select(PaymentTransaction.refund_id).where(
                    PaymentTransaction.order_id == order_id, PaymentTransaction.kind == "refund"
                )
                for refund_id in session.scalars(moved).all():
                    keep_as_sent(session, Event("refund.succeeded", int(refund_id or 0)), origin)


def _tell(session: Session, change_id: int, order_id: int, origin: str, step: str) -> None:
    keep_as_sent(session, Event(f"return.{step}", change_id, {"order_id": order_id, "note": ""}), origin)


def _write_papers(scope: TenantScope, shop: Shop, sent: Sequence[int], waiting: Sequence[int]) -> None:
    with transaction(scope) as session:
        footer = f"{shop.name} · {shop.email}"
        write_setting(session, "documents", {"legal_name": shop.name, "footer": footer, "automatic": False})
        for order_id in sorted(sent[-_INVOICED:]):
            issue_invoice(session, order_id, STAFF)
        for order_id in waiting[1:2]:
            hold_order(session, order_id, "incorrect_address", STAFF)
            note_on_order(session, order_id, "The street has no number 200; asked the customer.", STAFF)
        for order_id in sent[:2]:
            tag_order(session, order_id, ["repeat buyer"], STAFF)


def _draft(scope: TenantScope, shop: Shop, origin: str) -> None:
    person = shop.customers[0]
    with transaction(scope) as session:
        bought = select(OrderLine.variant_id).where(OrderLine.variant_id.is_not(None)).distinct().limit(2)
        variants = [int(variant or 0) for variant in session.scalars(bought)]
        lines = [{"variant_id": variant, "quantity": 2, "unit_price": None} for variant in variants]
        content = {"lines": lines, "email": person.email, "shipping_address": dict(person.address), "shipping": None,
                   "note": "As we said on the phone.", "tags": ["phone"]}  # fmt: skip
        create_draft(session, shop.currency, STAFF, {**content, "email": "", "shipping_address": {}, "note": ""})
        draft = create_draft(session, shop.currency, STAFF, content)
        token = invoice_draft(session, draft)
        keep_as_sent(session, Event("draft_order.invoiced", draft, {"token": token}), origin)
