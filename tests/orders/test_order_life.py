"""The life of an order in any order of steps: after each one everything adds up, and at the end the books balance."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from souk.checkout.balance import open_balance
from souk.checkout.complete import complete_checkout, resume_checkout
from souk.inventory.audit import audit
from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.kernel.tenancy import TenantScope
from souk.orders.balance import balance_of
from souk.orders.books.check import check_books
from souk.orders.cancel import cancel_order
from souk.orders.documents.issue import issue_invoice
from souk.orders.editing.begin import begin_edit, drop_edit, write_edit
from souk.orders.editing.confirm import confirm_edit
from souk.orders.errors import NothingToPay
from souk.orders.fulfill import fulfill_order
from souk.orders.hold import hold_order, release_hold
from souk.orders.mark_paid import mark_paid
from souk.orders.read import OrderView, read_order
from souk.orders.reconcile import reconcile
from souk.orders.refund import RefundLine, refund_order, refundable
from souk.orders.returning.request import ReturnLine, request_return
from souk.orders.returning.settle import Inspected, settle_return
from tests.factories.catalog import make_product
from tests.factories.commerce import APPROVED, open_for_business, ready_checkout

_numbers = count(1)
UNITS = st.integers(1, 3)
METHODS = st.sampled_from([APPROVED, APPROVED, {"type": "manual"}])


@contextmanager
def refused() -> Iterator[None]:
    """A step that cannot be taken now says so; whether it left everything whole is what the invariants see."""
    with suppress(SoukError):
        yield


class Life(RuleBasedStateMachine):
    """One order of three mugs at 3.33 with 10 % tax, and whatever happens to it."""

    scope: TenantScope

    @initialize(method=METHODS)
    def buy(self, method: dict[str, str]) -> None:
        with transaction(self.scope) as session:
            self.mug = make_product(session, stock=40, price=333)[0]
            self.cup = make_product(session, stock=40, price=999)[0]
        self.token = ready_checkout(self.scope, [(self.mug, 3)])
        placed = complete_checkout(self.scope, self.token, method).order_id
        assert placed is not None
        self.order_id = placed

    def read(self) -> OrderView:
        with transaction(self.scope) as session:
            return read_order(session, self.order_id)

    @rule(units=st.integers(0, 6), added=st.booleans())
    def edit(self, units: int, *, added: bool) -> None:
        with refused():
            with transaction(self.scope) as session:
                begin_edit(session, self.order_id, "staff:1")
            goods = [{"variant_id": self.cup, "quantity": 1, "unit_price": None}] if added else []
            with transaction(self.scope) as session:
                plan = write_edit(session, self.order_id, {self.read().lines[0].id: units}, goods)
            confirm_edit(self.scope, self.order_id, plan.version, "staff:1")
        with transaction(self.scope) as session:
            drop_edit(session, self.order_id)

    @rule()
    def pay_the_rest(self) -> None:
        with refused(), transaction(self.scope) as session:
            token = open_balance(session, self.order_id)
        with suppress(UnboundLocalError, SoukError):
            complete_checkout(self.scope, token, APPROVED)

    @rule()
    def pay_by_hand(self) -> None:
        with refused(), transaction(self.scope) as session:
            mark_paid(session, self.order_id, "staff:1")

    @rule(units=UNITS, line=st.integers(0, 2))
    def send(self, units: int, line: int) -> None:
        lines = self.read().lines
        with refused(), transaction(self.scope) as session:
            fulfill_order(session, self.order_id, [(lines[line % len(lines)].id, units)])

    @rule(percent=st.integers(1, 100), units=st.integers(0, 2), restock=st.booleans())
    def refund(self, percent: int, units: int, *, restock: bool) -> None:
        with transaction(self.scope) as session:
            amount = refundable(session, self.order_id) * percent // 100
        lines = [RefundLine(self.read().lines[0].id, units, restock)] if units else []
        with refused():
            key = f"life-{next(_numbers)}"
            refund_order(self.scope, self.order_id, amount, lines, "life", "staff:1", key)

    @rule(units=UNITS, restock=st.booleans(), exchange=st.booleans())
    def take_back(self, units: int, *, restock: bool, exchange: bool) -> None:
        line = self.read().lines[0].id
        goods = [{"variant_id": self.cup, "quantity": 1, "unit_price": None}] if exchange else []
        with refused():
            with transaction(self.scope) as session:
                kind = "exchange" if exchange else "return"
                change = request_return(session, self.order_id, [ReturnLine(line, units)], kind, "", "staff:1", goods)
            seen = Inspected(line, restock=units) if restock else Inspected(line, discard=units)
            settle_return(self.scope, change, [seen], "staff:1")

    @rule(restock=st.booleans())
    def cancel(self, *, restock: bool) -> None:
        with refused():
            cancel_order(self.scope, self.order_id, "customer", restock, "customer")

    @rule()
    def hold_and_release(self) -> None:
        with refused(), transaction(self.scope) as session:
            hold_order(session, self.order_id, "other", "staff:1")
            release_hold(session, self.order_id, "staff:1")

    @rule()
    def hear_from_the_provider(self) -> None:
        with refused():
            reconcile(self.scope, self.order_id)
            resume_checkout(self.scope, self.token)

    @rule()
    def invoice(self) -> None:
        with refused(), transaction(self.scope) as session:
            issue_invoice(session, self.order_id, "staff:1")

    @precondition(lambda self: hasattr(self, "order_id"))
    @invariant()
    def everything_adds_up(self) -> None:
        order = self.read()
        with transaction(self.scope) as session:
            balance = balance_of(session, self.order_id)
            assert audit(session) == []
            assert refundable(session, self.order_id) >= 0
        assert balance.sums.refunded <= balance.sums.captured
        assert min(order.subtotal, order.total, *(line.subtotal - line.discount_total for line in order.lines)) >= 0
        assert check_books(self.scope, ask_providers=False).drifts == []

    def teardown(self) -> None:
        assert check_books(self.scope).drifts == []


@pytest.mark.parametrize(
    ("examples", "steps"), [(4, 8), pytest.param(60, 25, marks=pytest.mark.slow)], ids=["short", "long"]
)
def test_an_order_may_live_as_it_likes(shop: TenantScope, examples: int, steps: int) -> None:
    with suppress(NothingToPay):
        open_for_business(shop)
    life = type("LifeInShop", (Life,), {"scope": shop})
    run_state_machine_as_test(
        life,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, database=None,
            suppress_health_check=list(HealthCheck), phases=(Phase.generate, Phase.shrink),
            derandomize=examples == 4,
        ),
    )  # fmt: skip


def test_edit_then_undo_and_refund_everything_return_to_the_start(shop: TenantScope, other_shop: TenantScope) -> None:
    open_for_business(other_shop)
    with transaction(other_shop) as session:
        mug = make_product(session, stock=40, price=333)[0]
    placed = complete_checkout(other_shop, ready_checkout(other_shop, [(mug, 3)]), APPROVED).order_id
    assert placed is not None
    with transaction(other_shop) as session:
        start = read_order(session, placed)
    for units in (2, 7, 0, 5, 3):
        with transaction(other_shop) as session:
            begin_edit(session, placed, "staff:1")
            plan = write_edit(session, placed, {start.lines[0].id: units}, [])
        confirm_edit(other_shop, placed, plan.version, "staff:1")
        if plan.outstanding > 0:
            with transaction(other_shop) as session:
                token = open_balance(session, placed)
            complete_checkout(other_shop, token, APPROVED)
    with transaction(other_shop) as session:
        end = read_order(session, placed)
        assert balance_of(session, placed).outstanding == 0
    kept = ("subtotal", "discount_total", "shipping_total", "additional_tax_total", "total", "financial_status")
    assert [getattr(end, name) for name in kept] == [getattr(start, name) for name in kept]
    assert end.taxes == start.taxes
    line = start.lines[0].id
    refund_order(other_shop, placed, start.total, [RefundLine(line, 3)], "all", "staff:1", "everything")
    with transaction(other_shop) as session:
        assert balance_of(session, placed).sums.captured == balance_of(session, placed).sums.refunded
        assert read_order(session, placed).financial_status == "refunded"
    assert check_books(other_shop).drifts == []
