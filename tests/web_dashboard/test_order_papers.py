"""Drafts, documents, the texts of mails and the books: what staff see and do."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from souk.checkout.complete import complete_checkout
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.orders.models import DraftOrder, Order
from tests.factories.catalog import make_product
from tests.factories.commerce import APPROVED, open_for_business, ready_checkout
from tests.fixtures.shops import make_shop
from tests.web_dashboard.conftest import SignedIn


@pytest.fixture(scope="module")
def store(platform: None) -> TenantScope:
    scope = make_shop(currency="USD")
    open_for_business(scope)
    return scope


def test_a_draft_is_put_together_sent_and_paid(
    store: TenantScope, other_shop: TenantScope, signed_in: SignedIn
) -> None:
    with transaction(store) as session:
        mug = make_product(session, price=1_000)[0]
    staff = signed_in(store, "admin")
    there = staff.post("~/draft-orders").location or ""
    path = f"~/draft-orders/{there.rpartition('/')[2]}"

    staff.post(path, {"add": str(mug), "email": "bob@example.com", "shipping_amount": "3.00"})
    refused = staff.post(path, {f"quantity-{mug}": "2", f"price-{mug}": "7.00", "email": "no address"})
    staff.post(path, {f"quantity-{mug}": "2", f"price-{mug}": "7.00", "email": "bob@example.com",
                      "shipping_amount": "3.00", "country": "US", "line1": "1 Main", "city": "X", "name": "Bob",
                      "state": "NY", "postal_code": "10001"})  # fmt: skip
    staff.post(f"{path}/invoice", {"hold_days": "3"})
    page = staff.get(path).text

    assert refused.status_code == 422
    assert "$18.70" in page
    link = re.search(r"/checkout/([\w-]+)", page)
    assert link is not None
    assert complete_checkout(store, link[1], APPROVED).order_id is not None
    assert "This draft became" in staff.get(path).text
    assert "Completed" in staff.get("~/draft-orders").text
    assert staff.post(f"{path}/cancel").status_code == 409
    assert signed_in(other_shop, "owner").get(path).status_code == 404
    assert signed_in(store, "viewer").get(path).status_code == 403


def test_a_draft_is_placed_once_to_be_paid_later(store: TenantScope, signed_in: SignedIn) -> None:
    with transaction(store) as session:
        mug = make_product(session, price=1_000)[0]
    staff = signed_in(store, "admin")
    draft = (staff.post("~/draft-orders").location or "").rpartition("/")[2]
    staff.post(f"~/draft-orders/{draft}", {
        "add": str(mug), "email": "bob@example.com", "shipping_amount": "0", "country": "US", "line1": "1 Main",
        "city": "X", "state": "NY", "name": "Bob", "postal_code": "10001",
    })  # fmt: skip
    placed = staff.post(f"~/draft-orders/{draft}/place")
    again = staff.post(f"~/draft-orders/{draft}/place")
    with transaction(store) as session:
        row = session.execute(select(DraftOrder.order_id).where(DraftOrder.id == int(draft))).one()
        status = session.execute(select(Order.financial_status).where(Order.id == row.order_id)).scalar_one()
    assert (placed.status_code, again.status_code, status) == (303, 409, "pending")


def test_documents_texts_and_books_have_their_pages(
    store: TenantScope, other_shop: TenantScope, signed_in: SignedIn
) -> None:
    with transaction(store) as session:
        mug = make_product(session, price=1_000)[0]
    order_id = complete_checkout(store, ready_checkout(store, [(mug, 1)]), APPROVED).order_id
    staff = signed_in(store, "admin")

    staff.post("~/documents/settings", {"legal_name": "Lumen GmbH", "invoice_prefix": "R-"})
    staff.post(f"~/orders/{order_id}/documents")
    page = staff.get(f"~/orders/{order_id}").text
    paper = re.search(r"/documents/(\d+)\.pdf", page)
    assert paper is not None
    fetched = staff.get(f"~/documents/{paper[1]}.pdf")
    assert (fetched.content_type, fetched.data[:5]) == ("application/pdf", b"%PDF-")
    assert "R-1" in page
    assert signed_in(other_shop, "owner").get(f"~/documents/{paper[1]}.pdf").status_code == 404

    typed = {"kind": "order_placed", "subject": "Hi {{ customer }}", "text": "", "do": "preview"}
    assert "Hi Ada Lind" in staff.post("~/mail/texts", typed).text
    assert staff.post("~/mail/texts", {**typed, "text": "{{ secret }}"}).status_code == 422
    staff.post("~/mail/texts", {**typed, "do": "save"})
    assert "Hi Ada Lind" in staff.get("~/mail/texts?kind=order_placed").text

    assert "Not checked yet" in staff.get("~/books").text
    staff.post("~/books/check")
    assert "Everything balances" in staff.get("~/books").text
    assert staff.post("~/books/repair", {"repair": "magic", "subject": "1"}).status_code == 422
    for path in ("books", "mail/texts", "documents/settings"):
        assert signed_in(store, "fulfillment").get(f"~/{path}").status_code == 403
