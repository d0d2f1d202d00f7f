"""Staff put an order together; its buyer pays it through the checkout, once, at staff's prices."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from souk.checkout.complete import complete_checkout
from souk.checkout.draft_invoice import cancel_draft, invoice_draft, price_draft, reopen_draft
from souk.checkout.errors import CheckoutEnded
from souk.checkout.read import read_checkout
from souk.checkout.sweep import sweep_checkouts
from souk.inventory.audit import audit
from souk.inventory.errors import OutOfStock
from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.kernel.tenancy import TenantScope
from souk.orders.drafting.errors import BadDraft, DraftEnded, UnknownDraft
from souk.orders.drafting.save import create_draft, list_drafts, read_draft, write_draft
from souk.orders.errors import UnknownGoods
from souk.orders.models import Order
from souk.orders.read import read_order
from souk.payments.errors import PaymentDeclined
from tests.factories.catalog import make_product
from tests.factories.commerce import ADDRESS, APPROVED, open_for_business, order_count, stock


@pytest.fixture(scope="module", autouse=True)
def selling(shop: TenantScope, other_shop: TenantScope) -> None:
    open_for_business(shop)


@pytest.fixture
def mug(shop: TenantScope) -> int:
    with transaction(shop) as session:
        return make_product(session, stock=5, price=1_000)[0]


def content(variant_id: int, **more: Any) -> dict[str, Any]:
    line = {"variant_id": variant_id, "quantity": 2, "unit_price": 700}
    fixed = {"title": "Courier", "amount": 300}
    return {
        "lines": [line], "email": "bob@example.com", "shipping_address": ADDRESS, "shipping": fixed, "note": "ring",
        "tags": ["phone"], **more,
    }  # fmt: skip


def test_a_draft_is_paid_once_at_the_prices_of_staff(shop: TenantScope, other_shop: TenantScope, mug: int) -> None:
    with transaction(shop) as session:
        draft = create_draft(session, "USD", "staff:1", content(mug))
        assert price_draft(session, read_draft(session, draft).content, "USD").totals.total == 1_870
        token = invoice_draft(session, draft, hold_days=3)
        assert stock(session, mug) == (5, 0, 2)
        view = read_checkout(session, token)
    assert (view.totals.total, view.shipping_rate["title"], view.requirements[0].code) == (
        1_870, "Courier", "payment_missing",
    )  # fmt: skip
    with transaction(other_shop) as session:
        assert list_drafts(session) == ([], 0)
        with pytest.raises(UnknownDraft):
            invoice_draft(session, draft)
    with pytest.raises(PaymentDeclined):
        complete_checkout(shop, token, {"type": "test", "token": "tok_declined"})
    with transaction(shop) as session:
        assert stock(session, mug) == (5, 0, 2)

    done = complete_checkout(shop, token, APPROVED)
    again = complete_checkout(shop, token, APPROVED)

    assert done.order_id == again.order_id
    assert done.order_id is not None
    with transaction(shop) as session:
        order = read_order(session, done.order_id)
        row = read_draft(session, draft)
        assert (row.status, row.order_id) == ("completed", done.order_id)
        assert stock(session, mug) == (5, 2, 0)
        assert audit(session) == []
        with pytest.raises(DraftEnded):
            cancel_draft(session, draft)
    assert (order.total, order.source, order.tags, order.note) == (1_870, "draft", ["phone"], "ring")


def test_the_hold_ends_and_the_link_lives_on(shop: TenantScope, mug: int) -> None:
    with transaction(shop) as session:
        draft = create_draft(session, "USD", "staff:1", content(mug))
        token = invoice_draft(session, draft, hold_days=1)
    with clock.frozen(clock.now() + timedelta(days=2)):
        sweep_checkouts(shop)
        with transaction(shop) as session:
            assert stock(session, mug) == (5, 0, 0)
        assert complete_checkout(shop, token, APPROVED).order_id is not None
    with transaction(shop) as session:
        assert stock(session, mug) == (5, 2, 0)


def test_a_changed_draft_ends_its_link(shop: TenantScope, mug: int) -> None:
    with transaction(shop) as session:
        draft = create_draft(session, "USD", "staff:1", content(mug))
        token = invoice_draft(session, draft, hold_days=1)
    with transaction(shop) as session:
        reopen_draft(session, draft)
        write_draft(session, draft, content(mug, shipping=None))
        assert stock(session, mug) == (5, 0, 0)
        before = order_count(session)
    with pytest.raises(CheckoutEnded):
        complete_checkout(shop, token, APPROVED)
    with transaction(shop) as session:
        assert order_count(session) == before
        cancel_draft(session, draft)
        assert session.execute(select(Order.id).where(Order.source == "nothing")).first() is None


def test_what_cannot_be_is_refused(shop: TenantScope, mug: int) -> None:
    bad: list[tuple[type[SoukError], dict[str, Any]]] = [
        (BadDraft, content(mug, lines=[{"variant_id": mug, "quantity": 0, "unit_price": None}])),
        (BadDraft, content(mug, lines=[{"variant_id": mug, "quantity": 1, "unit_price": -1}])),
        (BadDraft, content(mug, shipping={"title": "x", "amount": -1})),
        (UnknownGoods, content(mug, lines=[{"variant_id": 10**9, "quantity": 1, "unit_price": None}])),
    ]
    with transaction(shop) as session:
        before = list_drafts(session)[1]
        for kind, values in bad:
            with pytest.raises(kind):
                create_draft(session, "USD", "staff:1", values)
        empty = create_draft(session, "USD", "staff:1")
        with pytest.raises(BadDraft):
            invoice_draft(session, empty)
        much = content(mug, lines=[{"variant_id": mug, "quantity": 9, "unit_price": None}])
        large = create_draft(session, "USD", "staff:1", much)
        assert list_drafts(session)[1] == before + 2
    with pytest.raises(OutOfStock), transaction(shop) as session:
        invoice_draft(session, large, hold_days=1)
    with transaction(shop) as session:
        assert read_draft(session, large).status == "open"
        assert stock(session, mug) == (5, 0, 0)
