"""The invoices and credit notes of a buyer's own order."""

from __future__ import annotations

from flask import Response, g

from souk.kernel.db import transaction
from souk.orders.documents.pdf import pdf_of
from souk.orders.documents.read import read_document
from souk.web.checkout.order_reads import order_id_of


def order_document(token: str, document_id: int) -> Response:
    with transaction(g.shop.scope, read_only=True) as session:
        found = read_document(session, document_id, order_id_of(session, token))
    answer = Response(pdf_of(found), content_type="application/pdf")
    answer.headers.set("Content-Disposition", "inline", filename=f"{found.name}.pdf")
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
