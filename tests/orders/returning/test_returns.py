"""Goods come back: requested, approved, received, inspected; money and stock follow, and only the difference moves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.checkout.balance import open_balance
from souk.checkout.complete import complete_checkout
from souk.inventory.audit import audit
from souk.inventory.errors import UnknownLocation
from souk.inventory.locations import create_location
from souk.inventory.models import InventoryLevel
from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.kernel.tenancy import TenantScope
from souk.orders.balance import balance_of
from souk.orders.errors import CannotFulfill, CannotHold, UnknownOrder
from souk.orders.events import timeline
from souk.orders.fulfill import fulfill_order
from souk.orders.hold import hold_order, release_hold
from souk.orders.read import OrderView, read_order
from souk.orders.refund import RefundLine, refund_order
from souk.orders.returning.errors import BadReturn, CannotReturn, UnknownReturn, WrongReturnStatus
from souk.orders.returning.queries import list_returns, returnable
from souk.orders.returning.request import (
    ReturnLine,
    approve_return,
    cancel_return,
    decline_return,
    receive_return,
    request_return,
)
from souk.orders.returning.settle import Inspected, settle_return
from tests.factories.catalog import make_product
from tests.factories.commerce import APPROVED, open_for_business, ready_checkout, stock


@pytest.fixture(scope="module", autouse=True)
def selling(shop: TenantScope, other_shop: TenantScope) -> None:
    open_for_business(shop)


@pytest.fixture
def mug(shop: TenantScope) -> int:
    with transaction(shop) as session:
        return make_product(session, stock=10, price=1_000)[0]


def sent(scope: TenantScope, variant_id: int) -> OrderView:
    """Three mugs, sent: 30.00 with 3.00 tax and 5.00 shipping."""
    done = complete_checkout(scope, ready_checkout(scope, [(variant_id, 3)]), APPROVED)
    assert done.order_id is not None
    with transaction(scope) as session:
        fulfill_order(session, done.order_id)
    return read(scope, done.order_id)


def read(scope: TenantScope, order_id: int) -> OrderView:
    with transaction(scope) as session:
        return read_order(session, order_id)


def test_a_customer_sends_two_of_three_back(shop: TenantScope, other_shop: TenantScope, mug: int) -> None:
    order = sent(shop, mug)
    line = order.lines[0].id
    with transaction(shop) as session:
        change = request_return(session, order.id, [ReturnLine(line, 2, "unwanted")], note="too small")
        with pytest.raises(CannotReturn):
            request_return(session, order.id, [ReturnLine(line, 2)])
        assert returnable(session, order.id) == {line: 1}
    with transaction(other_shop) as session:
        assert list_returns(session) == ([], 0)
        for act in (lambda: approve_return(session, change, "x"), lambda: request_return(session, order.id, [])):
            with pytest.raises((UnknownReturn, UnknownOrder)):
                act()
    with pytest.raises(WrongReturnStatus):
        settle_return(shop, change, [Inspected(line, restock=1)], "staff:1")
    with transaction(shop) as session:
        approve_return(session, change, "staff:1")
        receive_return(session, change, "staff:1")
        assert stock(session, mug) == (7, 0, 0)

    done = settle_return(shop, change, [Inspected(line, restock=1, discard=1)], "staff:1")

    after = read(shop, order.id)
    assert (done.refunded, done.worth, done.to_collect) == (2_200, 2_200, 0)
    assert (after.financial_status, after.lines[0].refunded_quantity) == ("partially_refunded", 2)
    with transaction(shop) as session:
        assert stock(session, mug) == (8, 0, 0)
        assert audit(session) == []
        assert balance_of(session, order.id).outstanding == 0
        rows, total = list_returns(session, status="closed")
        assert (total, rows[0].order_name) == (1, order.name)
        told = [(entry.type, entry.actor) for entry in timeline(session, order.id)][-6:]
    assert told == [
        ("return_requested", "customer"), ("return_approved", "staff:1"), ("return_received", "staff:1"),
        ("refund_granted", "staff:1"), ("return_closed", "staff:1"), ("refund_succeeded", "staff:1"),
    ]  # fmt: skip
    with pytest.raises(WrongReturnStatus):
        settle_return(shop, change, [Inspected(line, restock=1)], "staff:1")


def test_a_return_comes_in_two_parcels_to_another_location(
    shop: TenantScope, other_shop: TenantScope, mug: int
) -> None:
    order = sent(shop, mug)
    line = order.lines[0].id
    with transaction(shop) as session:
        depot = create_location(session, f"Returns {order.id}")
        change = request_return(session, order.id, [ReturnLine(line, 3)], actor="staff:1")
    with transaction(other_shop) as session:
        foreign = create_location(session, f"Foreign {order.id}") + 1_000
    with pytest.raises(UnknownLocation):
        settle_return(shop, change, [Inspected(line, restock=1)], "staff:1", location_id=foreign)

    settle_return(shop, change, [Inspected(line, restock=1)], "staff:1", location_id=depot, rest_follows=True)
    with transaction(shop) as session:
        (rest,) = [row for row in list_returns(session, status="approved")[0] if row.order_id == order.id]
        assert rest.content["lines"][0]["quantity"] == 2
        assert returnable(session, order.id) == {line: 0}
        assert variant_levels(session, mug) == {"here": 7, "there": 1}
    done = settle_return(shop, rest.id, [Inspected(line, restock=1)], "staff:1")

    assert done.refunded == 1_100
    with transaction(shop) as session:
        # The unit that never came may be sent back later.
        assert returnable(session, order.id) == {line: 1}
        assert variant_levels(session, mug) == {"here": 8, "there": 1}
        assert audit(session) == []


def variant_levels(session: Session, variant_id: int) -> dict[str, int]:
    levels = select(InventoryLevel.on_hand).where(InventoryLevel.variant_id == variant_id).order_by(InventoryLevel.id)
    return dict(zip(("here", "there"), session.scalars(levels), strict=True))


@pytest.mark.parametrize(("amount", "again"), [(3_850, 0), (2_200, 1_100)])
def test_goods_come_back_after_their_money_did(shop: TenantScope, mug: int, amount: int, again: int) -> None:
    """All is refunded, or two of the three mugs; then all three come back."""
    order = sent(shop, mug)
    line = order.lines[0].id
    units = 3 if amount == 3_850 else 2
    refund_order(shop, order.id, amount, [RefundLine(line, units)], "late", "staff:1", f"early-{order.id}")
    with transaction(shop) as session:
        change = request_return(session, order.id, [ReturnLine(line, 3)])
        approve_return(session, change, "staff:1")

    done = settle_return(shop, change, [Inspected(line, restock=3)], "staff:1")

    after = read(shop, order.id)
    assert (done.refunded, after.lines[0].refunded_quantity) == (again, 3)
    with transaction(shop) as session:
        assert stock(session, mug) == (10, 0, 0)
        assert audit(session) == []


@pytest.mark.parametrize(("price", "refunded", "collected"), [(3_000, 0, 1_100), (1_000, 1_100, 0), (2_000, 0, 0)])
def test_an_exchange_moves_the_difference_only(
    shop: TenantScope, mug: int, price: int, refunded: int, collected: int
) -> None:
    order = sent(shop, mug)
    with transaction(shop) as session:
        other = make_product(session, stock=5, price=price)[0]
        added = [{"variant_id": other, "quantity": 1, "unit_price": None}]
        lines = [ReturnLine(order.lines[0].id, 2, "wrong_size")]
        change = request_return(session, order.id, lines, "exchange", actor="staff:1", added=added)

    done = settle_return(shop, change, [Inspected(order.lines[0].id, restock=2)], "staff:1")

    assert (done.refunded, done.to_collect) == (refunded, collected)
    with transaction(shop) as session:
        assert stock(session, mug) == (9, 0, 0)
        assert stock(session, other) == (5, 1, 0)
        assert audit(session) == []
        assert balance_of(session, order.id).outstanding == collected
    if collected:
        with transaction(shop) as session:
            token = open_balance(session, order.id)
        complete_checkout(shop, token, APPROVED)
        with transaction(shop) as session:
            assert balance_of(session, order.id).outstanding == 0
    assert read(shop, order.id).fulfillment_status == "partially_fulfilled"


def test_a_claim_is_replaced_without_money(shop: TenantScope, mug: int) -> None:
    order = sent(shop, mug)
    with transaction(shop) as session:
        new = [{"variant_id": mug, "quantity": 1, "unit_price": 0}]
        lines = [ReturnLine(order.lines[0].id, 1, "damaged")]
        change = request_return(session, order.id, lines, "claim", actor="staff:1", added=new)
    done = settle_return(shop, change, [], "staff:1")
    after = read(shop, order.id)
    assert (done.refunded, done.to_collect, after.total) == (0, 0, order.total)
    assert [(row.quantity, row.unit_price) for row in after.lines] == [(3, 1_000), (1, 0)]


def test_units_of_a_line_are_worth_the_line_to_the_cent(shop: TenantScope) -> None:
    with transaction(shop) as session:
        odd = make_product(session, stock=10, price=333)[0]
    order = sent(shop, odd)
    line, back = order.lines[0].id, []
    for _ in range(3):
        with transaction(shop) as session:
            change = request_return(session, order.id, [ReturnLine(line, 1)], actor="staff:1")
        back.append(settle_return(shop, change, [Inspected(line, restock=1)], "staff:1").refunded)
    assert sum(back) == order.total - order.shipping_total - 50  # the shipping and its tax stay paid


def test_what_cannot_be_is_refused_and_changes_nothing(shop: TenantScope, mug: int) -> None:
    order = sent(shop, mug)
    line = order.lines[0].id
    with transaction(shop) as session:
        asked = request_return(session, order.id, [ReturnLine(line, 1)])
    before = read(shop, order.id)
    cases: list[tuple[type[SoukError], Callable[[], object]]] = []
    with transaction(shop) as session:
        cases = [
            (BadReturn, lambda: request_return(session, order.id, [])),
            (BadReturn, lambda: request_return(session, order.id, [ReturnLine(line, 1, "boredom")])),
            (BadReturn, lambda: request_return(session, order.id, [ReturnLine(line, 1)], "loan")),
            (CannotReturn, lambda: request_return(session, order.id, [ReturnLine(line, 0)])),
            (CannotReturn, lambda: request_return(session, order.id, [ReturnLine(line + 10**6, 1)])),
            (BadReturn, lambda: decline_return(session, asked, "staff:1", " ")),
            (WrongReturnStatus, lambda: receive_return(session, asked, "staff:1")),
            (UnknownReturn, lambda: approve_return(session, asked + 10**6, "staff:1")),
            (CannotHold, lambda: hold_order(session, order.id, "moon", "staff:1")),
        ]
        for kind, act in cases:
            with pytest.raises(kind):
                act()
    with clock.frozen(clock.now() + timedelta(days=31)), transaction(shop) as session, pytest.raises(CannotReturn):
        request_return(session, order.id, [ReturnLine(line, 1)])
    assert read(shop, order.id) == before
    with transaction(shop) as session:
        cancel_return(session, asked, "customer")
        second = request_return(session, order.id, [ReturnLine(line, 3)])
        decline_return(session, second, "staff:1", "worn")
        assert returnable(session, order.id) == {line: 3}


def test_a_held_order_is_not_sent(shop: TenantScope, mug: int) -> None:
    done = complete_checkout(shop, ready_checkout(shop, [(mug, 1)]), APPROVED)
    assert done.order_id is not None
    with transaction(shop) as session:
        hold_order(session, done.order_id, "high_risk", "staff:1")
        with pytest.raises(CannotFulfill, match="on hold"):
            fulfill_order(session, done.order_id)
    assert read(shop, done.order_id).fulfillment_status == "on_hold"
    with transaction(shop) as session:
        release_hold(session, done.order_id, "staff:1")
        fulfill_order(session, done.order_id)
    assert read(shop, done.order_id).fulfillment_status == "fulfilled"
