"""Edits of an order that stands: only the difference moves, and undone everything is as it was."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from souk.checkout.balance import open_balance
from souk.checkout.complete import complete_checkout
from souk.inventory.audit import audit
from souk.inventory.errors import OutOfStock
from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.kernel.tenancy import TenantScope
from souk.orders.balance import balance_of
from souk.orders.cancel import cancel_order
from souk.orders.editing.begin import begin_edit, drop_edit, preview_edit, write_edit
from souk.orders.editing.confirm import EditOutcome, confirm_edit
from souk.orders.editing.errors import BadEditLine, CannotEdit, NothingEdited, StaleEdit, UnknownEdit
from souk.orders.errors import NothingToPay, UnknownGoods, UnknownOrder
from souk.orders.events import timeline
from souk.orders.fulfill import fulfill_order
from souk.orders.locks import lock_order
from souk.orders.mark_paid import mark_paid
from souk.orders.read import OrderView, read_order
from souk.orders.refund import RefundLine, refund_order
from tests.factories.catalog import make_product
from tests.factories.commerce import APPROVED, events, open_for_business, ready_checkout, stock

MANUAL = {"type": "manual"}


@pytest.fixture(scope="module", autouse=True)
def selling(shop: TenantScope, other_shop: TenantScope) -> None:
    open_for_business(shop)


@pytest.fixture
def mug(shop: TenantScope) -> int:
    with transaction(shop) as session:
        return make_product(session, stock=10, price=1_000)[0]


@pytest.fixture
def cup(shop: TenantScope) -> int:
    with transaction(shop) as session:
        return make_product(session, stock=2, price=500)[0]


def bought(scope: TenantScope, variant_id: int, method: dict[str, str] = APPROVED) -> OrderView:
    done = complete_checkout(scope, ready_checkout(scope, [(variant_id, 3)]), method)
    assert done.order_id is not None
    return read(scope, done.order_id)


def read(scope: TenantScope, order_id: int) -> OrderView:
    with transaction(scope) as session:
        return read_order(session, order_id)


def version_of(scope: TenantScope, order_id: int) -> int:
    with transaction(scope) as session:
        return int(lock_order(session, order_id).version)


def edit(scope: TenantScope, order_id: int, lines: dict[int, int], added: Any = ()) -> EditOutcome:
    with transaction(scope) as session:
        begin_edit(session, order_id, "staff:1")
        plan = write_edit(session, order_id, lines, added)
    return confirm_edit(scope, order_id, plan.version, "staff:1")


def amounts(order: OrderView) -> tuple[int, ...]:
    return (order.subtotal, order.additional_tax_total, order.total, *(tax.amount for tax in order.taxes))


def test_a_rise_is_collected_by_a_checkout_and_undone_to_the_start(
    shop: TenantScope, other_shop: TenantScope, mug: int, cup: int
) -> None:
    before = bought(shop, mug)
    (line,) = before.lines
    with transaction(shop) as session:
        begin_edit(session, before.id, "staff:1")
        plan = write_edit(session, before.id, {line.id: 4}, [{"variant_id": cup, "quantity": 2, "unit_price": None}])
        assert preview_edit(session, before.id).difference == plan.difference
        assert stock(session, cup) == (2, 0, 0)
    assert read(shop, before.id) == before

    outcome = confirm_edit(shop, before.id, plan.version, "staff:1")

    # 4 x 10.00 + 2 x 5.00 with 10 % tax and 5.00 of shipping, against 3 x 10.00.
    risen = read(shop, before.id)
    assert (plan.difference, outcome.to_collect, outcome.returned) == (2_200, 2_200, 0)
    assert (risen.total, risen.financial_status) == (before.total + 2_200, "partially_paid")
    with transaction(shop) as session:
        assert (stock(session, mug), stock(session, cup)) == ((10, 4, 0), (2, 2, 0))
        token = open_balance(session, before.id)
        assert open_balance(session, before.id) == token
    done = complete_checkout(shop, token, APPROVED)
    again = complete_checkout(shop, token, APPROVED)
    assert done.order_id == again.order_id == before.id
    paid = read(shop, before.id)
    assert paid.financial_status == "paid"
    assert [row.amount for row in paid.payments if row.status == "success"] == [before.total, 2_200]
    with transaction(shop) as session, pytest.raises(NothingToPay):
        open_balance(session, before.id)

    new = next(row for row in paid.lines if row.variant_id == cup)
    back = edit(shop, before.id, {line.id: 3, new.id: 0})

    undone = read(shop, before.id)
    assert (back.to_collect, back.returned) == (0, 2_200)
    assert amounts(undone)[:3] == amounts(before)[:3]
    assert undone.financial_status == "paid"
    with transaction(shop) as session:
        assert (stock(session, mug), stock(session, cup)) == ((10, 3, 0), (2, 0, 0))
        assert audit(session) == []
        assert balance_of(session, before.id).outstanding == 0
        told = [entry.type for entry in timeline(session, before.id)]
    assert told == [
        "placed", "payment_captured", "edited", "payment_captured", "refund_granted", "edited", "refund_succeeded",
    ]  # fmt: skip
    assert events(shop, before.id, "order.edited") == ["order.edited", "order.edited"]
    with transaction(other_shop) as session:
        for refused in (begin_edit, open_balance):
            with pytest.raises(UnknownOrder):
                refused(session, before.id, *(["staff:1"] if refused is begin_edit else []))


def test_a_whole_refund_after_an_edit_comes_from_both_payments(shop: TenantScope, mug: int) -> None:
    order = bought(shop, mug)
    edit(shop, order.id, {order.lines[0].id: 5})
    with transaction(shop) as session:
        token = open_balance(session, order.id)
    complete_checkout(shop, token, {**APPROVED, "token": "tok_risky"})
    total = read(shop, order.id).total
    assert [one["level"] for one in read(shop, order.id).risks] == ["high"]

    refund_order(shop, order.id, total, [RefundLine(order.lines[0].id, 5)], "gone", "staff:1", "both")

    whole = read(shop, order.id)
    assert (whole.financial_status, [row.amount for row in whole.payments if row.kind == "refund"]) == (
        "refunded", [2_200, total - 2_200],
    )  # fmt: skip
    with transaction(shop) as session:
        assert stock(session, mug) == (10, 0, 0)
        assert audit(session) == []


def test_an_unpaid_order_is_paid_as_it_is_after_its_edit(shop: TenantScope, mug: int) -> None:
    order = bought(shop, mug, MANUAL)
    outcome = edit(shop, order.id, {order.lines[0].id: 1})
    with transaction(shop) as session:
        mark_paid(session, order.id, "staff:1")
        with pytest.raises(NothingToPay):
            mark_paid(session, order.id, "staff:1")
    after = read(shop, order.id)
    assert (outcome.to_collect, after.total, after.financial_status) == (1_650, 1_650, "paid")
    assert [row.amount for row in after.payments if row.status == "success"] == [1_650]


def test_what_cannot_be_is_refused_and_changes_nothing(shop: TenantScope, mug: int, cup: int) -> None:
    order = bought(shop, mug)
    line = order.lines[0].id
    with transaction(shop) as session:
        fulfill_order(session, order.id, [(line, 2)])
        with pytest.raises(UnknownEdit):
            write_edit(session, order.id, {}, [])
        begin_edit(session, order.id, "staff:1")
    before = read(shop, order.id)
    cases: list[tuple[type[SoukError], dict[int, int], list[dict[str, Any]]]] = [
        (BadEditLine, {line: 1}, []),
        (BadEditLine, {line: 10_001}, []),
        (UnknownGoods, {}, [{"variant_id": 10**9, "quantity": 1}]),
        (NothingEdited, {line: 3}, []),
        (OutOfStock, {}, [{"variant_id": cup, "quantity": 3}]),
        (OutOfStock, {line: 11}, []),
    ]
    for kind, lines, added in cases:
        with pytest.raises(kind):
            with transaction(shop) as session:
                plan = write_edit(session, order.id, lines, added)
            confirm_edit(shop, order.id, plan.version, "staff:1")
    assert read(shop, order.id) == before
    with transaction(shop) as session:
        assert stock(session, cup) == (2, 0, 0)
        drop_edit(session, order.id)
        with pytest.raises(UnknownEdit):
            preview_edit(session, order.id)
    cancel_order(shop, bought(shop, mug).id, "staff", restock=True, actor="staff:1")


def test_two_people_confirm_one_edit_once(shop: TenantScope, mug: int) -> None:
    order = bought(shop, mug)
    with transaction(shop) as session:
        begin_edit(session, order.id, "staff:1")
        plan = write_edit(session, order.id, {order.lines[0].id: 4}, [])
    start = Barrier(2)

    def confirm(actor: str) -> str:
        start.wait()
        try:
            confirm_edit(shop, order.id, plan.version, actor)
        except (StaleEdit, UnknownEdit) as refused:
            return refused.code
        return "done"

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(confirm, ["staff:1", "staff:2"]))

    assert results.count("done") == 1
    assert read(shop, order.id).lines[0].quantity == 4
    with transaction(shop) as session:
        assert stock(session, mug) == (10, 4, 0)


def test_an_order_that_changed_meanwhile_is_looked_at_again(shop: TenantScope, mug: int) -> None:
    order = bought(shop, mug)
    with transaction(shop) as session:
        begin_edit(session, order.id, "staff:1")
        plan = write_edit(session, order.id, {order.lines[0].id: 4}, [])
        fulfill_order(session, order.id, [(order.lines[0].id, 1)])
    with pytest.raises(StaleEdit):
        confirm_edit(shop, order.id, plan.version, "staff:1")
    assert read(shop, order.id).total == order.total
    confirm_edit(shop, order.id, version_of(shop, order.id), "staff:1")
    cancel = bought(shop, mug)
    cancel_order(shop, cancel.id, "staff", restock=True, actor="staff:1")
    with transaction(shop) as session, pytest.raises(CannotEdit):
        begin_edit(session, cancel.id, "staff:1")
