"""Draft orders as an app makes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.checkout.draft_invoice import cancel_draft, invoice_draft, price_draft, reopen_draft
from souk.checkout.draft_quote import checkout_tokens, keep_quote, kept_quote, quote_of
from souk.checkout.place_draft import place_draft
from souk.kernel import ids
from souk.kernel.db import transaction
from souk.kernel.money import Money
from souk.kernel.settings import read_setting
from souk.orders.drafting.save import create_draft, read_draft, write_draft
from souk.orders.models import DraftOrder
from souk.web.api.admin.order_edits import goods_from
from souk.web.api.admin.order_rows import steps_of
from souk.web.api.admin.orders import one_order
from souk.web.api.cursors import after, cursor_of
from souk.web.api.definition import admin_api
from souk.web.api.operations import Call
from souk.web.api.schemas.admin_orders import AdminOrder
from souk.web.api.schemas.common import Nothing
from souk.web.api.schemas.draft_orders import DraftLineView, DraftPage, DraftView, InvoiceDraft, WriteDraft
from souk.web.api.schemas.paging import CursorParameters

_ENDED = {409: "`draft_order_ended`, `checkout_busy`, or `out_of_stock` when stock is to be held."}


@admin_api.operation(
    "POST",
    "/draft-orders",
    summary="Put an order together for a buyer",
    tag="draft orders",
    takes=WriteDraft,
    answers=DraftView,
    status=201,
    access="admin",
    permission="write_orders",
)
def create_draft_order(call: Call, body: WriteDraft) -> DraftView:
    currency = str(read_setting(call.session, "shop")["currency"])
    draft_id = create_draft(call.session, currency, call.actor, _content(body, currency))
    return _kept(call.session, draft_id)


@admin_api.operation(
    "GET",
    "/draft-orders",
    summary="List draft orders, newest first",
    tag="draft orders",
    takes=CursorParameters,
    answers=DraftPage,
    access="admin",
    permission="read_orders",
)
def list_draft_orders(call: Call, query: CursorParameters) -> DraftPage:
    newest = select(*DraftOrder.__table__.c).where(*after(DraftOrder.id.expression, query.after))
    rows = call.session.execute(newest.order_by(DraftOrder.id.desc()).limit(query.limit + 1)).all()
    return DraftPage(draft_orders=_views(call.session, rows[: query.limit]), next_cursor=cursor_of(rows, query.limit))


@admin_api.operation(
    "GET",
    "/draft-orders/{draft_id}",
    summary="Read a draft order",
    tag="draft orders",
    takes=Nothing,
    answers=DraftView,
    access="admin",
    permission="read_orders",
)
def read_draft_order(call: Call, _query: Nothing) -> DraftView:
    draft = read_draft(call.session, _draft_id(call))
    quote = quote_of(price_draft(call.session, draft.content, draft.currency))
    return _view(draft, quote, checkout_tokens(call.session, [draft]).get(draft.id))


@admin_api.operation(
    "PUT",
    "/draft-orders/{draft_id}",
    summary="Replace what a draft order holds; the link that was sent before ends",
    tag="draft orders",
    takes=WriteDraft,
    answers=DraftView,
    access="admin",
    permission="write_orders",
    problems=_ENDED,
)
def change_draft_order(call: Call, body: WriteDraft) -> DraftView:
    draft = reopen_draft(call.session, _draft_id(call))
    write_draft(call.session, draft.id, _content(body, draft.currency))
    return _kept(call.session, draft.id)


@admin_api.operation(
    "POST",
    "/draft-orders/{draft_id}/invoice",
    summary="Let the buyer pay the draft; a mail with the link goes out",
    tag="draft orders",
    takes=InvoiceDraft,
    answers=DraftView,
    access="admin",
    permission="write_orders",
    optional_body=True,
    problems=_ENDED,
)
def invoice_draft_order(call: Call, body: InvoiceDraft) -> DraftView:
    invoice_draft(call.session, _draft_id(call), body.hold_days)
    return _kept(call.session, _draft_id(call))


@admin_api.operation(
    "POST",
    "/draft-orders/{draft_id}/cancel",
    summary="End a draft order and let go of its stock",
    tag="draft orders",
    takes=Nothing,
    answers=DraftView,
    access="admin",
    permission="write_orders",
    optional_body=True,
    problems=_ENDED,
)
def cancel_draft_order(call: Call, _body: Nothing) -> DraftView:
    cancel_draft(call.session, _draft_id(call))
    return _views(call.session, [read_draft(call.session, _draft_id(call))])[0]


@admin_api.operation(
    "POST",
    "/draft-orders/{draft_id}/place",
    summary="Make the draft an order now; its money comes by another way",
    tag="draft orders",
    takes=Nothing,
    answers=AdminOrder,
    status=201,
    access="admin",
    permission="write_orders",
    edge=True,
    optional_body=True,
    problems=_ENDED,
)
def place_draft_order(call: Call, _body: Nothing) -> AdminOrder:
    order_id = place_draft(call.scope, _draft_id(call))
    with transaction(call.scope, read_only=True) as session:
        return one_order(session, order_id)


def _content(body: WriteDraft, currency: str) -> dict[str, Any]:
    shipping = None
    if body.shipping_price is not None:
        amount = Money.from_major(body.shipping_price, currency).amount
        shipping = {"title": body.shipping_title, "amount": amount}
    return {
        "pickup": ids.decode(ids.LOCATION, body.pickup_location_id) if body.pickup_location_id else None,
        "lines": goods_from(body.line_items, currency),
        "email": body.email,
        "shipping_address": body.shipping_address.model_dump() if body.shipping_address else {},
        "shipping": shipping,
        "note": body.note,
        "tags": body.tags,
    }


def _kept(session: Session, draft_id: int) -> DraftView:
    """Return a draft that was just written, with what it costs now, which lists show from now on."""
    keep_quote(session, draft_id)
    return _views(session, [read_draft(session, draft_id)])[0]


def _views(session: Session, drafts: Sequence[Any]) -> list[DraftView]:
    tokens = checkout_tokens(session, drafts)
    return [_view(draft, kept_quote(session, draft), tokens.get(draft.id)) for draft in drafts]


def _view(draft: Any, quote: Mapping[str, Any], token: str | None) -> DraftView:
    content, currency = draft.content, draft.currency
    return DraftView(
        id=ids.encode(ids.DRAFT_ORDER, draft.id),
        status=draft.status,
        email=content["email"],
        currency=currency,
        line_items=[
            DraftLineView(
                variant_id=ids.encode(ids.VARIANT, line["variant_id"]), title=line["title"],
                quantity=line["quantity"], price=Money(line["unit_price"], currency).major,
                price_trace=steps_of(line["price_trace"], currency),
            )
            for line in quote["lines"]
        ],
        total=Money(quote["total"], currency).major,
        pickup_location_id=ids.encode(ids.LOCATION, content["pickup"]) if content.get("pickup") else None,
        note=content["note"],
        tags=content["tags"],
        checkout_path=f"/checkout/{token}" if token else None,
        reserved_until=draft.reserved_until,
        order_id=None if draft.order_id is None else ids.encode(ids.ORDER, draft.order_id),
        created_at=draft.created_at,
    )  # fmt: skip


def _draft_id(call: Call) -> int:
    return ids.decode(ids.DRAFT_ORDER, call.path["draft_id"])
