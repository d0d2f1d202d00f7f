"""The life of an order in any order of steps: after each one everything adds up, and at the end the books balance."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import update

from plugins.builtin.test_gateway.plugin import Gateway
from souk.checkout.balance import open_balance
from souk.checkout.changes import Changes
from souk.checkout.codes import enter_checkout_code
from souk.checkout.complete import complete_checkout, resume_checkout
from souk.checkout.models import Checkout
from souk.checkout.notified import consume, take_notice
from souk.checkout.update import update_checkout
from souk.customers.guest import Guest, recognize_guest
from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.kernel.tenancy import TenantScope
from souk.orders.balance import balance_of
from souk.orders.books.check import check_books
from souk.orders.cancel import cancel_order
from souk.orders.capture import capture_order
from souk.orders.dispute import disputes_of
from souk.orders.documents.issue import issue_invoice
from souk.orders.editing.begin import begin_edit, drop_edit, write_edit
from souk.orders.editing.confirm import confirm_edit
from souk.orders.fulfill import fulfill_order
from souk.orders.hold import hold_order, release_hold
from souk.orders.locks import lock_order
from souk.orders.mark_paid import mark_paid
from souk.orders.move_capture import sweep_captures
from souk.orders.read import OrderView, read_order
from souk.orders.refund import RefundLine, refund_order, refundable, sweep_refunds
from souk.orders.returning.request import ReturnLine, request_return
from souk.orders.returning.settle import Inspected, settle_return
from souk.orders.void import sweep_voids, void_order
from souk.payments.attempts import attempts_of_order, payment_of
from souk.payments.errors import ProviderUnreachable
from souk.payments.gift_cards.issue import NewCard, grant_credit, issue_card
from souk.payments.gift_cards.queries import read_card
from souk.payments.settings import set_capture_mode
from souk.payments.transactions import sums_of
from souk.payments.values import Dispute, Notice, NoticeKind, Payment
from tests.factories.catalog import make_product
from tests.factories.commerce import APPROVED, delivery_of, open_for_business, ready_checkout, stock
from tests.fixtures.shops import make_shop

_numbers = count(1)
UNITS = st.integers(1, 3)
METHODS = st.sampled_from([APPROVED, APPROVED, {"type": "manual"}, {"type": "test", "token": "tok_lost_answer"}])
# Three mugs cost 16.00 with tax and shipping: cards pay nothing, a part, or all.
CARDS = st.sampled_from([0, 0, 0, 400, 5_000])


@contextmanager
def refused() -> Iterator[None]:
    """A step that cannot be taken now says so; whether it left everything whole is what the invariants see."""
    with suppress(SoukError):
        yield


class Life(RuleBasedStateMachine):
    """One order of three mugs at 3.33 with 10 % tax, and whatever happens to it."""

    scope: TenantScope
    # What the gateway says of disputes: the key of a payment -> its dispute.
    told: dict[str, Dispute]

    @initialize(method=METHODS, mode=st.sampled_from(["automatic", "manual"]), card=CARDS, credit=CARDS)
    def buy(self, method: dict[str, str], mode: str, card: int, credit: int) -> None:
        with transaction(self.scope) as session:
            set_capture_mode(session, mode)
            self.mug = make_product(session, stock=40, price=333)[0]
            self.cup = make_product(session, stock=40, price=999)[0]
        self.token = ready_checkout(self.scope, [(self.mug, 3)])
        self.bring_cards(card, credit)
        with suppress(ProviderUnreachable):
            complete_checkout(self.scope, self.token, method)
        placed = resume_checkout(self.scope, self.token).order_id
        assert placed is not None
        self.order_id = placed

    def bring_cards(self, card: int, credit: int) -> None:
        """Let a gift card and the buyer's store credit pay a part."""
        if card:
            with transaction(self.scope) as session:
                issued = issue_card(session, NewCard(amount=card, currency="USD", recipient={}), "staff:1")
                assert issued is not None
                enter_checkout_code(session, self.token, issued[1])
        if credit:
            with transaction(self.scope) as session:
                buyer = recognize_guest(session, Guest(email=f"credit-{next(_numbers)}@example.com"))
                assert buyer is not None
                grant_credit(session, buyer, credit, "USD", "staff:1")
                owned = update(Checkout).where(Checkout.token == self.token).values(customer_id=buyer)
                session.execute(owned)
                update_checkout(session, self.token, Changes(extras={"use_credit": True}))

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

    @rule(percent=st.integers(1, 100), final=st.booleans())
    def capture(self, percent: int, *, final: bool) -> None:
        with transaction(self.scope) as session:
            amount = sums_of(session, self.order_id).capturable * percent // 100
        with refused():
            key = f"life-{next(_numbers)}"
            for _ in range(2):
                capture_order(self.scope, self.order_id, amount, actor="staff:1", idempotency_key=key, final=final)

    @rule()
    def void(self) -> None:
        with refused():
            void_order(self.scope, self.order_id, "staff:1")

    @rule(which=st.integers(0, 3), percent=st.integers(1, 100), step=st.sampled_from(["capture", "refund", "cancel"]))
    def work_at_the_provider(self, which: int, percent: int, step: str) -> None:
        """The merchant uses the provider's own dashboard: we hear of it later, or when the books are checked."""
        if not (payments := self.payments()):
            return
        payment = payments[which % len(payments)]
        told, key = Gateway().status(payment), f"theirs-{next(_numbers)}"
        if told is None:
            return
        if step == "capture":
            Gateway().capture(payment, max(payment.amount * percent // 100, 1), key, final=False)
        elif step == "refund":
            Gateway().refund(payment, max((told.captured or 0) * percent // 100, 1), key)
        else:
            Gateway().cancel(payment)

    @rule(which=st.integers(0, 3), status=st.sampled_from(["needs_response", "under_review", "won", "lost"]))
    def dispute(self, which: int, status: str) -> None:
        for payment in self.payments()[which % 2 :][:1]:
            self.told[payment.key] = Dispute(f"dp_{payment.key}", status, "fraudulent", payment.amount, "USD")

    @rule(picks=st.lists(st.tuples(st.integers(0, 5), st.sampled_from(["payment", "dispute", "refund"])), max_size=4))
    def hear(self, picks: list[tuple[int, NoticeKind]]) -> None:
        """Messages come late, twice, in any order, and about anything."""
        keys = self.keys()
        for index, kind in picks:
            if keys:
                self.deliver(kind, keys[index % len(keys)])

    def deliver(self, kind: NoticeKind, key: str) -> None:
        event_id = f"evt-{next(_numbers)}"
        with transaction(self.scope) as session:
            for again in (False, True):
                kept = take_notice(session, "test_gateway", Notice(event_id, f"{kind}.changed", kind, key))
                assert kept is not again
        consume(delivery_of(self.scope, "payment.notified", 0))

    def payments(self) -> list[Payment]:
        with transaction(self.scope) as session:
            paid = attempts_of_order(session, lock_order(session, self.order_id))
            return [payment_of(session, one) for one in paid if one.provider == Gateway.name]

    def keys(self) -> list[str]:
        refunds = [row.idempotency_key for row in self.read().payments if row.kind == "refund"]
        return [payment.key for payment in self.payments()] + refunds

    @rule()
    def sweep(self) -> None:
        with clock.frozen(clock.now() + timedelta(minutes=3)):
            for sweep in (sweep_captures, sweep_refunds, sweep_voids):
                sweep(self.scope)

    @rule()
    def pay_the_rest(self) -> None:
        with refused(), transaction(self.scope) as session:
            token = open_balance(session, self.order_id)
        with suppress(UnboundLocalError), refused():
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

    @rule(units=UNITS, restock=st.booleans(), kind=st.sampled_from(["return", "exchange", "claim"]))
    def take_back(self, units: int, kind: str, *, restock: bool) -> None:
        line = self.read().lines[0].id
        goods = [{"variant_id": self.cup, "quantity": 1, "unit_price": None}] if kind != "return" else []
        with refused():
            with transaction(self.scope) as session:
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
    def invoice(self) -> None:
        with refused(), transaction(self.scope) as session:
            issue_invoice(session, self.order_id, "staff:1")

    @precondition(lambda self: hasattr(self, "order_id"))
    @invariant()
    def everything_adds_up(self) -> None:
        order = self.read()
        with transaction(self.scope) as session:
            balance = balance_of(session, self.order_id)
            assert refundable(session, self.order_id) >= 0
        assert balance.sums.refunded <= balance.sums.captured
        assert min(order.subtotal, order.total, *(line.subtotal - line.discount_total for line in order.lines)) >= 0
        assert check_books(self.scope, ask_providers=False).drifts == []

    def teardown(self) -> None:
        for payment in self.payments():
            # The last message comes through.
            self.deliver("dispute", payment.key)
        with transaction(self.scope) as session:
            disputes = {one["reference"]: one["status"] for one in disputes_of(session, self.order_id)}
        assert disputes == {
            self.told[payment.key].reference: self.told[payment.key].status
            for payment in self.payments()
            if payment.key in self.told
        }
        assert resume_checkout(self.scope, self.token).order_id == self.order_id
        self.sweep()
        assert check_books(self.scope).drifts == []


@pytest.mark.parametrize(
    ("examples", "steps"),
    [(4, 8), pytest.param(30, 20, marks=[pytest.mark.slow, pytest.mark.timeout(480)])],
    ids=["short", "long"],
)
def test_an_order_may_live_as_it_likes(
    platform: None, monkeypatch: pytest.MonkeyPatch, examples: int, steps: int
) -> None:
    shop = make_shop()
    open_for_business(shop)
    told: dict[str, Dispute] = {}
    monkeypatch.setattr(Gateway, "disputes", lambda _, payment: [told[payment.key]] if payment.key in told else [])
    life = type("LifeInShop", (Life,), {"scope": shop, "told": told})
    run_state_machine_as_test(
        life,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, database=None,
            suppress_health_check=list(HealthCheck), phases=(Phase.generate,),
            derandomize=examples == 4,
        ),
    )  # fmt: skip


@settings(max_examples=6, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(units=st.lists(st.integers(0, 7), min_size=1, max_size=3), price=st.sampled_from([333, 1_000]), card=CARDS)
def test_edit_then_undo_and_refund_everything_return_to_the_start(
    selling: TenantScope, units: list[int], price: int, card: int
) -> None:
    scope, gift = selling, None
    with transaction(scope) as session:
        set_capture_mode(session, "automatic")
        mug = make_product(session, stock=40, price=price)[0]
        if card:
            gift = issue_card(session, NewCard(amount=card, currency="USD", recipient={}), "staff:1")
    token = ready_checkout(scope, [(mug, 3)])
    if gift is not None:
        with transaction(scope) as session:
            enter_checkout_code(session, token, gift[1])
    placed = complete_checkout(scope, token, APPROVED).order_id
    assert placed is not None
    start = facts_of(scope, placed, mug)

    for wanted in (*units, 3):
        change_units(scope, placed, wanted)

    assert facts_of(scope, placed, mug) == start
    with transaction(scope) as session:
        order = read_order(session, placed)
        assert balance_of(session, placed).outstanding == 0
    refund_order(scope, placed, order.total, [RefundLine(order.lines[0].id, 3)], "all", "staff:1", f"all-{placed}")
    with transaction(scope) as session:
        sums = balance_of(session, placed).sums
        assert (sums.captured, sums.cards) == (sums.refunded, sums.cards_returned)
        assert read_order(session, placed).financial_status == "refunded"
        assert stock(session, mug) == (40, 0, 0)
        if gift is not None:
            assert read_card(session, gift[0]).balance == card
    assert check_books(scope).drifts == []


@pytest.fixture(scope="module")
def selling(platform: None) -> TenantScope:
    scope = make_shop("undo", currency="USD")
    open_for_business(scope)
    return scope


def facts_of(scope: TenantScope, order_id: int, variant_id: int) -> tuple[object, ...]:
    """Return an order's totals, status, taxes and stock."""
    with transaction(scope) as session:
        order = read_order(session, order_id)
        held = stock(session, variant_id)
    kept = ("subtotal", "discount_total", "shipping_total", "additional_tax_total", "total", "financial_status")
    return (*(getattr(order, name) for name in kept), order.taxes, held)


def change_units(scope: TenantScope, order_id: int, units: int) -> None:
    """Edit the only line, and pay what is owed after it."""
    with transaction(scope) as session:
        begin_edit(session, order_id, "staff:1")
        plan = write_edit(session, order_id, {read_order(session, order_id).lines[0].id: units}, [])
    with refused():
        confirm_edit(scope, order_id, plan.version, "staff:1")
    if plan.outstanding > 0:
        with transaction(scope) as session:
            token = open_balance(session, order_id)
        complete_checkout(scope, token, APPROVED)
