"""Invoices, credit notes and packing slips as an app issues and fetches them."""

from __future__ import annotations

from typing import Any

from flask import Response

from souk.kernel import ids
from souk.orders.documents.issue import issue_credit_note, issue_invoice, issue_packing_slip
from souk.orders.documents.pdf import pdf_of
from souk.orders.documents.read import documents_of, read_document
from souk.web.api.admin.orders import one_order
from souk.web.api.definition import admin_api
from souk.web.api.operations import Call
from souk.web.api.schemas.common import Nothing
from souk.web.api.schemas.draft_orders import DocumentList, DocumentView, NewDocument


@admin_api.operation(
    "POST",
    "/orders/{order_id}/documents",
    summary="Issue an invoice, a credit note or a packing slip; one that stands is answered as it is",
    tag="documents",
    takes=NewDocument,
    answers=DocumentView,
    access="admin",
    permission="write_orders",
    problems={409: "`cannot_issue_document`."},
)
def issue_order_document(call: Call, body: NewDocument) -> DocumentView:
    order_id = ids.decode(ids.ORDER, call.path["order_id"])
    one_order(call.session, order_id)
    if body.kind == "credit_note":
        refund_id = ids.decode(ids.REFUND, body.refund_id or "")
        document_id = issue_credit_note(call.session, order_id, refund_id, call.actor)
    elif body.kind == "packing_slip":
        parcel_id = ids.decode(ids.FULFILLMENT, body.fulfillment_id or "")
        document_id = issue_packing_slip(call.session, order_id, parcel_id, call.actor)
    else:
        document_id = issue_invoice(call.session, order_id, call.actor)
    return document_view(read_document(call.session, document_id))


@admin_api.operation(
    "GET",
    "/orders/{order_id}/documents",
    summary="List the documents of an order",
    tag="documents",
    takes=Nothing,
    answers=DocumentList,
    access="admin",
    permission="read_orders",
)
def list_order_documents(call: Call, _query: Nothing) -> DocumentList:
    order_id = ids.decode(ids.ORDER, call.path["order_id"])
    one_order(call.session, order_id)
    return DocumentList(documents=[document_view(row) for row in documents_of(call.session, order_id)])


@admin_api.operation(
    "GET",
    "/documents/{document_id}/pdf",
    summary="Fetch a document as PDF",
    tag="documents",
    takes=Nothing,
    answers=Nothing,
    access="admin",
    permission="read_orders",
    media_types=("application/pdf",),
)
def fetch_document(call: Call, _query: Nothing) -> Response:
    found = read_document(call.session, ids.decode(ids.DOCUMENT, call.path["document_id"]))
    answer = Response(pdf_of(found), content_type="application/pdf")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{found.name}.pdf")
    return answer


def document_view(row: Any) -> DocumentView:
    """Return a document as both APIs list it."""
    return DocumentView(
        id=ids.encode(ids.DOCUMENT, row.id), kind=row.kind, number=row.number, name=row.name, created_at=row.created_at
    )
