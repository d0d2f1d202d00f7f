"""Invoices, credit notes and packing slips: issue them, and fetch them as PDF."""

from __future__ import annotations

from flask import Response, request
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.kernel.settings import read_setting, write_setting
from souk.orders.documents.issue import PREFIXES, issue_credit_note, issue_invoice, issue_packing_slip
from souk.orders.documents.pdf import pdf_of
from souk.orders.documents.read import read_document
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.orders import order_page
from souk.web.dashboard.pages import done, page
from souk.web.dashboard.stock import whole_number

SETTINGS = ("legal_name", "address", "tax_number", "footer", *(f"{kind}_prefix" for kind in PREFIXES))


@blueprint.post("/shops/<slug>/orders/<int:order_id>/documents")
@in_shop(Permission.FULFILL)
def issue_document(access: ShopAccess, order_id: int) -> Answer:
    form, actor = request.form, current_user.record.actor
    try:
        with transaction(access.scope) as session:
            if form.get("refund"):
                issue_credit_note(session, order_id, whole_number(form["refund"]), actor)
            elif form.get("parcel"):
                issue_packing_slip(session, order_id, whole_number(form["parcel"]), actor)
            else:
                issue_invoice(session, order_id, actor)
    except SoukError as error:
        return order_page(access, order_id, error), error.status
    return done("The document is issued.", "order", access, order_id=order_id)


@blueprint.get("/shops/<slug>/documents/<int:document_id>.pdf")
@in_shop()
def document(access: ShopAccess, document_id: int) -> BaseResponse:
    with transaction(access.scope, read_only=True) as session:
        found = read_document(session, document_id)
    return pdf(found.name, pdf_of(found))


def pdf(name: str, content: bytes) -> BaseResponse:
    """Answer with a PDF that a browser shows and no cache keeps."""
    answer = Response(content, content_type="application/pdf")
    answer.headers.set("Content-Disposition", "inline", filename=f"{name}.pdf")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@blueprint.get("/shops/<slug>/documents/settings")
@in_shop(Permission.SETTINGS)
def document_settings(access: ShopAccess) -> Answer:
    with transaction(access.scope, read_only=True) as session:
        values = read_setting(session, "documents")
    return page("document_settings.html", values=values, prefixes=PREFIXES)


@blueprint.post("/shops/<slug>/documents/settings")
@in_shop(Permission.SETTINGS)
def save_document_settings(access: ShopAccess) -> Answer:
    typed = {name: request.form.get(name, "").replace("\0", "").strip()[:500] for name in SETTINGS}
    with transaction(access.scope) as session:
        write_setting(session, "documents", {**typed, "automatic": "automatic" in request.form})
    return done("The documents are set up; those issued before stay as they are.", "document_settings", access)
