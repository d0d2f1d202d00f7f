"""An order that several payments paid: each provider's word is compared with that payment's own record alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import select

from plugins.builtin.test_gateway.plugin import Gateway
from souk.checkout.balance import open_balance
from souk.checkout.codes import enter_checkout_code
from souk.checkout.complete import complete_checkout
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.orders.books.check import check_books
from souk.orders.capture import capture_order
from souk.orders.editing.begin import begin_edit, write_edit
from souk.orders.editing.confirm import confirm_edit
from souk.orders.locks import lock_order
from souk.orders.mark_paid import mark_paid
from souk.orders.read import read_order
from souk.orders.reconcile import reconcile
from souk.orders.refund import refund_order, refundable
from souk.orders.void import void_order
from souk.payments.attempts import attempts_of_order
from souk.payments.gift_cards.issue import NewCard, issue_card
from souk.payments.models import PaymentTransaction
from souk.payments.settings import set_capture_mode
from souk.payments.values import Payment
from tests.factories.catalog import make_product
from tests.factories.commerce import APPROVED, open_for_business, ready_checkout
from tests.fixtures.shops import make_shop

FIRST, SECOND = 1_650, 1_100


@pytest.fixture(scope="module")
def scope(platform: None) -> TenantScope:
    shop = make_shop("several", currency="USD")
    open_for_business(shop)
    return shop


@pytest.fixture(params=["automatic", "manual"])
def mode(scope: TenantScope, request: pytest.FixtureRequest) -> Iterator[str]:
    with transaction(scope) as session:
        set_capture_mode(session, request.param)
    yield request.param
    assert check_books(scope).drifts == []


def raised_order(scope: TenantScope, settle: Callable[[int], object]) -> int:
    """Return an order over 16.50 that an edit raised by 11.00, which `settle` pays."""
    with transaction(scope) as session:
        mug = make_product(session, stock=10, price=1_000)[0]
    placed = complete_checkout(scope, ready_checkout(scope, [(mug, 1)]), APPROVED).order_id or 0
    with transaction(scope) as session:
        begin_edit(session, placed, "staff:1")
        plan = write_edit(session, placed, {read_order(session, placed).lines[0].id: 2}, [])
    confirm_edit(scope, placed, plan.version, "staff:1")
    settle(placed)
    return placed


def by_card(scope: TenantScope) -> Callable[[int], object]:
    def settle(order_id: int) -> None:
        with transaction(scope) as session:
            token = open_balance(session, order_id)
        complete_checkout(scope, token, APPROVED)

    return settle


def payments(scope: TenantScope, order_id: int) -> list[Payment]:
    with transaction(scope) as session:
        found = attempts_of_order(session, lock_order(session, order_id))
    return [Payment(one.idempotency_key, one.amount, one.currency, one.provider_reference) for one in found]


def facts(scope: TenantScope, order_id: int, kind: str) -> list[int]:
    with transaction(scope) as session:
        rows = read_order(session, order_id).payments
    return [row.amount for row in rows if row.kind == kind and row.status == "success"]


def test_each_payment_is_asked_for_what_it_holds(scope: TenantScope, mode: str) -> None:
    order_id = raised_order(scope, by_card(scope))
    first, second = payments(scope, order_id)
    assert (first.amount, second.amount, reconcile(scope, order_id)) == (FIRST, SECOND, False)
    if mode == "automatic":
        assert facts(scope, order_id, "sale") == [FIRST, SECOND]
        return
    # 18.50 are all of the first authorization and a part of the second one.
    for _ in range(2):
        assert capture_order(scope, order_id, 1_850, actor="staff:1", idempotency_key="part") == "succeeded"
    assert (facts(scope, order_id, "capture"), facts(scope, order_id, "void")) == ([FIRST, 200], [])
    assert reconcile(scope, order_id) is False
    # A capture that somebody makes at the provider is found, however much the other payment brought in.
    assert Gateway().capture(second, 300, "elsewhere", final=False).succeeded
    assert [reconcile(scope, order_id) for _ in range(2)] == [True, False]
    assert facts(scope, order_id, "capture") == [FIRST, 200, 300]
    assert void_order(scope, order_id, "staff:1") == "succeeded"
    assert facts(scope, order_id, "void") == [600]
    refund_order(scope, order_id, 2_150, [], "gone", "staff:1", f"all-{order_id}")
    assert facts(scope, order_id, "refund") == [500, FIRST]


def test_a_final_capture_lets_go_of_every_authorization(scope: TenantScope) -> None:
    with transaction(scope) as session:
        set_capture_mode(session, "manual")
    order_id = raised_order(scope, by_card(scope))

    capture_order(scope, order_id, 600, actor="staff:1", idempotency_key="final", final=True)

    assert (facts(scope, order_id, "capture"), facts(scope, order_id, "void")) == ([600], [1_050, SECOND])
    assert check_books(scope).drifts == []


def by_hand(scope: TenantScope) -> Callable[[int], object]:
    def settle(order_id: int) -> None:
        with transaction(scope) as session:
            mark_paid(session, order_id, "staff:1")

    return settle


@pytest.mark.parametrize("other", [by_card, by_hand])
def test_a_refund_made_at_the_provider_is_found_beside_our_own(
    scope: TenantScope, other_shop: TenantScope, other: Callable[[TenantScope], Callable[[int], object]]
) -> None:
    with transaction(scope) as session:
        set_capture_mode(session, "automatic")
    order_id = raised_order(scope, other(scope))
    # Ours takes from the newest payment; the one at the provider from the first.
    refund_order(scope, order_id, 700, [], "late", "staff:1", f"ours-{order_id}")
    paid = payments(scope, order_id)[0]
    assert Gateway().refund(paid, 400, f"theirs-{order_id}").succeeded
    before = [drift.repair for drift in check_books(scope).drifts]

    assert [reconcile(scope, order_id) for _ in range(2)] == [True, False]

    assert (before, facts(scope, order_id, "refund")) == (["reconcile"], [700, 400])
    with transaction(scope) as session:
        assert refundable(session, order_id) == FIRST + SECOND - 1_100
    refund_order(scope, order_id, FIRST + SECOND - 1_100, [], "rest", "staff:1", f"rest-{order_id}")
    assert check_books(scope).drifts == []
    with transaction(other_shop) as session:
        rows: Any = session.execute(select(PaymentTransaction.id).where(PaymentTransaction.order_id == order_id))
        assert rows.all() == []


def test_a_gift_card_hides_nothing_of_the_card_beside_it(scope: TenantScope) -> None:
    with transaction(scope) as session:
        set_capture_mode(session, "manual")
        mug = make_product(session, stock=10, price=1_000)[0]
        issued = issue_card(session, NewCard(amount=600, currency="USD", recipient={}), "staff:1")
    assert issued is not None
    token = ready_checkout(scope, [(mug, 1)])
    with transaction(scope) as session:
        enter_checkout_code(session, token, issued[1])
    order_id = complete_checkout(scope, token, APPROVED).order_id or 0
    (paid,) = payments(scope, order_id)
    assert paid.amount == FIRST - 600

    assert Gateway().capture(paid, 250, f"elsewhere-{order_id}", final=False).succeeded
    assert [reconcile(scope, order_id) for _ in range(2)] == [True, False]
    assert Gateway().refund(paid, 50, f"elsewhere-back-{order_id}").succeeded
    assert [reconcile(scope, order_id) for _ in range(2)] == [True, False]

    assert (facts(scope, order_id, "sale"), facts(scope, order_id, "capture")) == ([600], [250])
    assert facts(scope, order_id, "refund") == [50]
    capture_order(scope, order_id, None, actor="staff:1", idempotency_key="rest")
    assert facts(scope, order_id, "capture") == [250, 800]
    with transaction(scope) as session:
        assert refundable(session, order_id) == 1_600
    refund_order(scope, order_id, 1_600, [], "gone", "staff:1", f"gone-{order_id}")
    assert facts(scope, order_id, "refund") == [50, 1_000, 600]
    assert check_books(scope).drifts == []
