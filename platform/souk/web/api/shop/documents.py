"""The invoices and credit notes of a customer's own orders."""

from __future__ import annotations

from flask import Response

from souk.kernel import ids
from souk.orders.documents.pdf import pdf_of
from souk.orders.documents.read import documents_of, read_document
from souk.web.api.admin.documents import document_view
from souk.web.api.definition import shop_api
from souk.web.api.operations import Call
from souk.web.api.schemas.common import Nothing
from souk.web.api.schemas.draft_orders import DocumentList
from souk.web.api.shop.orders import own_order_id


@shop_api.operation(
    "GET",
    "/orders/{order_id}/documents",
    summary="List the invoices and credit notes of your order",
    tag="orders",
    takes=Nothing,
    answers=DocumentList,
    access="customer",
)
def list_own_documents(call: Call, _query: Nothing) -> DocumentList:
    rows = documents_of(call.session, own_order_id(call.session, call), for_buyer=True)
    return DocumentList(documents=[document_view(row) for row in rows])


@shop_api.operation(
    "GET",
    "/orders/{order_id}/documents/{document_id}/pdf",
    summary="Fetch an invoice or credit note of your order as PDF",
    tag="orders",
    takes=Nothing,
    answers=Nothing,
    access="customer",
    media_types=("application/pdf",),
)
def fetch_own_document(call: Call, _query: Nothing) -> Response:
    order_id = own_order_id(call.session, call)
    found = read_document(call.session, ids.decode(ids.DOCUMENT, call.path["document_id"]), order_id)
    answer = Response(pdf_of(found), content_type="application/pdf")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{found.name}.pdf")
    return answer
