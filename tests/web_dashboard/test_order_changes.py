"""Editing an order, taking goods back, holding and tagging it: what staff see and do."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from souk.checkout.complete import complete_checkout
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.orders.fulfill import fulfill_order
from souk.orders.models import Order, OrderChange, OrderLine
from tests.factories.catalog import make_product
from tests.factories.commerce import APPROVED, open_for_business, ready_checkout
from tests.fixtures.shops import make_shop
from tests.web_dashboard.conftest import SignedIn


@pytest.fixture(scope="module")
def store(platform: None) -> TenantScope:
    scope = make_shop(currency="USD")
    open_for_business(scope)
    return scope


def paid(scope: TenantScope, *, sent: bool = False) -> tuple[int, int, int]:
    """Return (order, its line, its variant): three units at 10.00."""
    with transaction(scope) as session:
        variant_id = make_product(session, price=1_000)[0]
    order_id = complete_checkout(scope, ready_checkout(scope, [(variant_id, 3)]), APPROVED).order_id
    assert order_id is not None
    with transaction(scope) as session:
        line_id = session.execute(select(OrderLine.id).where(OrderLine.order_id == order_id)).scalar_one()
        if sent:
            fulfill_order(session, order_id)
    return order_id, line_id, variant_id


def total_of(scope: TenantScope, order_id: int) -> int:
    with transaction(scope, read_only=True) as session:
        return session.execute(select(Order.total).where(Order.id == order_id)).scalar_one()


def test_an_edit_is_previewed_and_confirmed(store: TenantScope, signed_in: SignedIn) -> None:
    order_id, line_id, variant_id = paid(store)
    staff, before = signed_in(store, "admin"), total_of(store, order_id)

    assert staff.post(f"~/orders/{order_id}/edit/begin").status_code == 303
    staff.post(f"~/orders/{order_id}/edit", {f"line-{line_id}": "4", "add": str(variant_id), "note": "by phone"})
    page = staff.get(f"~/orders/{order_id}/edit").text
    refused = staff.post(f"~/orders/{order_id}/edit", {f"line-{line_id}": "99999"})
    assert total_of(store, order_id) == before
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version is not None
    done = staff.post(f"~/orders/{order_id}/edit/confirm", {"version": version[1]})

    assert "The customer owes $22.00" in page
    assert refused.status_code == 422
    assert done.status_code == 303
    assert total_of(store, order_id) == before + 2_200
    order = staff.get(f"~/orders/{order_id}").text
    assert "Left to pay" in order
    assert "by phone" in order
    staff.post(f"~/orders/{order_id}/edit/begin")
    assert "Go on with the edit" in staff.get(f"~/orders/{order_id}").text
    staff.post(f"~/orders/{order_id}/edit/drop")
    assert staff.get(f"~/orders/{order_id}/edit").status_code == 303


def test_goods_come_back_in_the_dashboard(store: TenantScope, signed_in: SignedIn) -> None:
    order_id, line_id, variant_id = paid(store, sent=True)
    staff = signed_in(store, "admin")

    nothing = staff.post(f"~/orders/{order_id}/returns", {"kind": "return", "reason": "other"})
    staff.post(f"~/orders/{order_id}/returns", {"kind": "return", "reason": "damaged", f"return-{line_id}": "1"})
    with transaction(store, read_only=True) as session:
        change = session.execute(select(OrderChange.id).where(OrderChange.order_id == order_id)).scalar_one()
    assert "Damaged" in staff.get("~/returns").text
    staff.post(f"~/returns/{change}/receive")
    assert "Inspect and settle" in staff.get(f"~/orders/{order_id}").text
    done = staff.post(f"~/returns/{change}/settle", {f"restock-{line_id}": "1", "amount": "5.00"})
    twice = staff.post(f"~/returns/{change}/settle", {f"restock-{line_id}": "1"})

    assert (nothing.status_code, done.status_code, twice.status_code) == (422, 303, 409)
    page = staff.get(f"~/orders/{order_id}").text
    assert "Refund of $5.00" in page
    assert variant_id


def test_an_order_is_held_tagged_and_noted(store: TenantScope, signed_in: SignedIn) -> None:
    order_id, _, _ = paid(store)
    packer = signed_in(store, "fulfillment")

    packer.post(f"~/orders/{order_id}/hold", {"reason": "high_risk"})
    packer.post(f"~/orders/{order_id}/tags", {"text": "gift, VIP , gift"})
    packer.post(f"~/orders/{order_id}/notes", {"text": "call first"})
    packer.post(f"~/orders/{order_id}/risks", {"level": "high", "text": "three cards tried"})
    page = packer.get(f"~/orders/{order_id}").text
    for shown in ("On hold: High risk", "gift", "VIP", "call first", "High risk: three cards tried"):
        assert shown in page
    assert packer.post(f"~/orders/{order_id}/fulfill", {}).status_code == 409
    packer.post(f"~/orders/{order_id}/release")
    assert "On hold" not in packer.get(f"~/orders/{order_id}").text
    for path in (f"~/orders/{order_id}/edit/begin", f"~/orders/{order_id}/returns"):
        assert packer.post(path).status_code == 403
    assert signed_in(store, "viewer").post(f"~/orders/{order_id}/hold", {"reason": "other"}).status_code == 403
