"""Authorized money through the dashboard and the admin API; a form sent twice takes it once."""

from __future__ import annotations

import pytest
from flask import Flask

from souk.checkout.complete import complete_checkout
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.orders.read import read_order
from souk.payments.settings import capture_mode
from tests.factories.catalog import make_product
from tests.factories.commerce import APPROVED, open_for_business, ready_checkout
from tests.fixtures.shops import make_shop
from tests.web_dashboard.conftest import SignedIn


@pytest.fixture(scope="module")
def careful_shop(app: Flask) -> TenantScope:
    scope = make_shop(currency="USD")
    open_for_business(scope)
    return scope


def authorized_order(scope: TenantScope) -> int:
    """Return an order over 27.50 whose money waits."""
    with transaction(scope) as session:
        variant_id = make_product(session, title="Held Lamp", price=2_000, stock=10)[0]
    return complete_checkout(scope, ready_checkout(scope, [(variant_id, 1)]), APPROVED).order_id or 0


def money(scope: TenantScope, order_id: int) -> tuple[str, list[tuple[str, int]]]:
    with transaction(scope, read_only=True) as session:
        order = read_order(session, order_id)
    return order.financial_status, [(row.kind, row.amount) for row in order.payments if row.status == "success"]


@pytest.fixture
def order_id(careful_shop: TenantScope, signed_in: SignedIn) -> int:
    answer = signed_in(careful_shop, "admin").post("~/payments", {"capture": "manual"})
    assert answer.status_code == 303
    return authorized_order(careful_shop)


def test_staff_capture_a_part_and_void_the_rest(careful_shop: TenantScope, signed_in: SignedIn, order_id: int) -> None:
    owner = signed_in(careful_shop, "owner")
    form = {"amount": "10", "key": f"c-{order_id}"}

    assert 'value="27.50"' in owner.get(f"~/orders/{order_id}").text
    assert [owner.post(f"~/orders/{order_id}/capture", form).status_code for _ in range(2)] == [303, 303]
    assert money(careful_shop, order_id) == ("partially_paid", [("authorization", 2_750), ("capture", 1_000)])
    assert owner.post(f"~/orders/{order_id}/void", {"confirm": "on"}).status_code == 303

    assert money(careful_shop, order_id)[1][-1] == ("void", 1_750)
    page = owner.get(f"~/orders/{order_id}").text
    assert "Payment voided" in page
    # The capture was written before the provider was asked, and once more when it had answered.
    assert page.count("Capture <") == 1
    assert "/capture" not in page


REFUSALS = [
    ("owner", "capture", {"amount": "27.51"}, 422),
    ("owner", "capture", {"amount": "much"}, 422),
    ("owner", "void", {}, 422),
    ("viewer", "capture", {"amount": "1"}, 403),
    ("fulfillment", "void", {"confirm": "on"}, 403),
]


def test_what_is_refused_moves_nothing(careful_shop: TenantScope, signed_in: SignedIn, order_id: int) -> None:
    for role, path, form, status in REFUSALS:
        answer = signed_in(careful_shop, role).post(f"~/orders/{order_id}/{path}", form)

        assert answer.status_code == status, (role, path, form)
        assert money(careful_shop, order_id) == ("authorized", [("authorization", 2_750)])


def test_another_mode_than_the_two_is_refused(careful_shop: TenantScope, signed_in: SignedIn, order_id: int) -> None:
    assert signed_in(careful_shop, "owner").post("~/payments", {"capture": "later"}).status_code == 422
    assert signed_in(careful_shop, "viewer").post("~/payments", {"capture": "automatic"}).status_code == 403

    with transaction(careful_shop, read_only=True) as session:
        assert capture_mode(session) == "manual"
