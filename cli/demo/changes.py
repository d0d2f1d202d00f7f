"""What happened to some of the demo orders afterwards: edits, returns, a hold, invoices, and drafts on the way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from cli.demo.catalog import Shop
from souk.checkout.draft_invoice import invoice_draft
from souk.checkout.draft_quote import keep_quote
from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.events import Event
from souk.kernel.models import OutboxEvent
from souk.kernel.settings import write_setting
from souk.kernel.tenancy import TenantScope, pod_scope
from souk.notifications.consume import keep_as_sent
from souk.notifications.facts import primary_origin
from souk.orders.annotate import note_on_order, tag_order
from souk.orders.documents.issue import issue_invoice
from souk.orders.drafting.save import create_draft
from souk.orders.editing.begin import begin_edit, write_edit
from souk.orders.editing.confirm import confirm_edit
from souk.orders.hold import hold_order
from souk.orders.models import DraftOrder, Order, OrderChange, OrderDocument, OrderLine
from souk.orders.returning.request import ReturnLine, approve_return, receive_return, request_return
from souk.orders.returning.settle import Inspected, settle_return

STAFF = "system"
_INVOICED = 4
_RETURNED = ("requested", "approved", "received")
_TOLD = frozenset(
    [
        "order.edited", "return.requested", "return.approved", "return.received", "return.closed", "refund.succeeded",
        "draft_order.invoiced",
    ]
)  # fmt: skip


def change_orders(scope: TenantScope, shop: Shop, now: datetime) -> None:
    """Edit, take back, hold and document a few of the replayed orders.

    A start that was killed in the middle is gone on with: each step looks first at what was done, and the mails are
    kept last, for whatever was published.
    """
    changed = now - timedelta(hours=3)
    with transaction(scope, read_only=True) as session:
        sent = _orders(session, "fulfilled", changed)
        waiting = _orders(session, "unfulfilled", changed)
    with clock.frozen(changed):
        _edit(scope, waiting)
        _take_back(scope, sent)
        _write_papers(scope, shop, sent, waiting)
        _draft(scope, shop)
        _keep_mails(scope)


def _orders(session: Session, status: str, changed: datetime) -> list[int]:
    # A parcel is on its way within hours of its order: nothing goes back before it came.
    known = Order.placed_at < changed - timedelta(hours=6)
    paid = select(Order.id).where(Order.fulfillment_status == status, Order.status == "open", known)
    return list(session.scalars(paid.order_by(Order.id.desc()).limit(8)))


def _line(session: Session, order_id: int) -> tuple[int, int]:
    found = select(OrderLine.id, OrderLine.quantity).where(OrderLine.order_id == order_id).order_by(OrderLine.id)
    row = session.execute(found.limit(1)).one()
    return row.id, row.quantity


def _edit(scope: TenantScope, waiting: Sequence[int]) -> None:
    """One customer takes one more, and has the difference to pay."""
    with transaction(scope) as session:
        known = select(OrderChange.order_id, OrderChange.status).where(OrderChange.kind == "edit")
        begun = {row.status: row.order_id for row in session.execute(known)}
        if "closed" in begun or not (begun or waiting):
            return
        order_id = begun.get("open") or waiting[0]
        begin_edit(session, order_id, STAFF)
        line_id, units = _line(session, order_id)
        plan = write_edit(session, order_id, {line_id: units + 1}, [], "one more, by phone")
    confirm_edit(scope, order_id, plan.version, STAFF)


def _take_back(scope: TenantScope, sent: Sequence[int]) -> None:
    """One return waits for an answer, one is on its way, one is settled."""
    with transaction(scope) as session:
        known = set(session.scalars(select(OrderChange.order_id).where(OrderChange.kind == "return")))
        others = (order_id for order_id in sent if order_id not in known)
        for order_id, step in zip(others, _RETURNED[len(known) :], strict=False):
            line_id, _ = _line(session, order_id)
            asked = request_return(session, order_id, [ReturnLine(line_id, 1, "unwanted")], note="Not quite my colour.")
            if step != "requested":
                approve_return(session, asked, STAFF)
            if step == "received":
                receive_return(session, asked, STAFF)
    with transaction(scope, read_only=True) as session:
        came = list(
            session.execute(select(OrderChange.id, OrderChange.content).where(OrderChange.status == "received"))
        )
    for row in came:
        back = [Inspected(line["line_id"], restock=line["quantity"]) for line in row.content["lines"]]
        settle_return(scope, row.id, back, STAFF)


def _write_papers(scope: TenantScope, shop: Shop, sent: Sequence[int], waiting: Sequence[int]) -> None:
    with transaction(scope) as session:
        if session.execute(select(OrderDocument.id).limit(1)).first() is not None:
            return
        footer = f"{shop.name} · {shop.email}"
        write_setting(session, "documents", {"legal_name": shop.name, "footer": footer, "automatic": False})
        for order_id in sorted(sent[-_INVOICED:]):
            issue_invoice(session, order_id, STAFF)
        for order_id in waiting[1:2]:
            hold_order(session, order_id, "incorrect_address", STAFF)
            note_on_order(session, order_id, "The street has no number 200; asked the customer.", STAFF)
        for order_id in sent[:2]:
            tag_order(session, order_id, ["repeat buyer"], STAFF)


def _draft(scope: TenantScope, shop: Shop) -> None:
    person = shop.customers[0]
    with transaction(scope) as session:
        if session.execute(select(DraftOrder.id).limit(1)).first() is not None:
            return
        bought = select(OrderLine.variant_id).where(OrderLine.variant_id.is_not(None)).distinct().limit(2)
        variants = [int(variant or 0) for variant in session.scalars(bought)]
        lines = [{"variant_id": variant, "quantity": 2, "unit_price": None} for variant in variants]
        content = {"lines": lines, "email": person.email, "shipping_address": dict(person.address), "shipping": None,
                   "note": "As we said on the phone.", "tags": ["phone"]}  # fmt: skip
        anonymous = {**content, "email": "", "shipping_address": {}, "note": ""}
        for each in (anonymous, content):
            draft = create_draft(session, shop.currency, STAFF, each)
            keep_quote(session, draft)
        invoice_draft(session, draft)


def _keep_mails(scope: TenantScope) -> None:
    """Keep the mails of all that was published here as sent: the worker would write to the invented customers."""
    origin = primary_origin(scope)
    told = select(OutboxEvent.name, OutboxEvent.subject_id, OutboxEvent.payload).where(
        OutboxEvent.tenant_id == scope.tenant_id, OutboxEvent.name.in_(_TOLD)
    )
    with transaction(pod_scope(scope.pod), read_only=True) as session:
        events = [Event(*row) for row in session.execute(told.order_by(OutboxEvent.id))]
    with transaction(scope) as session:
        for event in events:
            keep_as_sent(session, event, origin)
