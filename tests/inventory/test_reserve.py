"""Stock is held all or nothing, never twice, and never more than there is."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.inventory.adjust import set_on_hand
from souk.inventory.allocate import allocate
from souk.inventory.audit import audit
from souk.inventory.availability import UNLIMITED, availability
from souk.inventory.cause import Cause
from souk.inventory.errors import OutOfStock, StockInUse
from souk.inventory.models import InventoryLevel
from souk.inventory.move import deallocate, ship
from souk.inventory.release import release, release_expired
from souk.inventory.reserve import reserve
from souk.inventory.temperature import cool, heat
from souk.inventory.units import fold
from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from tests.factories.catalog import make_product
from tests.factories.commerce import open_for_business, ready_checkout, stock

LATER = timedelta(minutes=30)


@pytest.fixture(scope="module", autouse=True)
def selling(shop: TenantScope) -> None:
    open_for_business(shop)


def product(scope: TenantScope, stock: int | None, *, hot: bool = False, **variant: Any) -> int:
    with transaction(scope) as session:
        (variant_id,) = make_product(session, stock=stock, **variant)
        if hot:
            heat(session, level_of(session, variant_id))
    return variant_id


def level_of(session: Session, variant_id: int) -> int:
    query = select(InventoryLevel.id).where(InventoryLevel.variant_id == variant_id)
    return session.execute(query).scalar_one()


def checkout(scope: TenantScope) -> int:
    from souk.checkout.queries import checkout_by_token

    token = ready_checkout(scope, [(product(scope, 1), 1)])
    with transaction(scope) as session:
        return int(checkout_by_token(session, token).id)


def hold(scope: TenantScope, checkout_id: int, items: list[tuple[int, int]]) -> None:
    with transaction(scope) as session:
        reserve(session, checkout_id, items, clock.now() + LATER)


def together(*works: Callable[[], None]) -> list[Exception]:
    """Run every work at once on a connection of its own; returns what they raised."""
    barrier, raised = threading.Barrier(len(works)), list[Exception]()

    def run(work: Callable[[], None]) -> None:
        barrier.wait()
        try:
            work()
        except Exception as error:  # noqa: BLE001 - the test looks at all of them
            raised.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


@pytest.mark.parametrize("hot", [False, True])
def test_the_last_unit_goes_to_one_of_two_connections(shop: TenantScope, *, hot: bool) -> None:
    variant_id = product(shop, 1, hot=hot)
    first, second = checkout(shop), checkout(shop)

    raised = together(lambda: hold(shop, first, [(variant_id, 1)]), lambda: hold(shop, second, [(variant_id, 1)]))

    assert [type(error) for error in raised] == [OutOfStock]
    assert raised[0].items == [{"variant_id": variant_id, "available": 0}]  # type: ignore[attr-defined]
    with transaction(shop) as session:
        assert stock(session, variant_id) == (1, 0, 1)
        assert availability(session, [variant_id]) == {variant_id: 0}
        assert audit(session) == []


@pytest.mark.parametrize("hot", [False, True])
def test_carts_in_opposite_order_do_not_wait_in_a_circle(shop: TenantScope, *, hot: bool) -> None:
    one, two = product(shop, 50, hot=hot), product(shop, 50, hot=hot)
    checkouts = [checkout(shop) for _ in range(8)]

    def many(checkout_id: int, items: list[tuple[int, int]]) -> Callable[[], None]:
        def work() -> None:
            for quantity in (3, 1, 2):
                hold(shop, checkout_id, [(variant_id, quantity) for variant_id, _ in items])

        return work

    orders = ([(one, 1), (two, 1)], [(two, 1), (one, 1)])
    raised = together(*(many(checkout_id, orders[n % 2]) for n, checkout_id in enumerate(checkouts)))

    assert raised == []
    with transaction(shop) as session:
        assert availability(session, [one, two]) == {one: 34, two: 34}
        assert audit(session) == []


@pytest.mark.parametrize("hot", [False, True])
def test_nothing_is_held_when_one_item_is_short(shop: TenantScope, *, hot: bool) -> None:
    plenty, scarce = product(shop, 10, hot=hot), product(shop, 2, hot=hot)
    buyer = checkout(shop)

    with pytest.raises(OutOfStock) as caught:
        hold(shop, buyer, [(plenty, 4), (scarce, 1), (scarce, 2)])

    assert caught.value.items == [{"variant_id": scarce, "available": 2}]
    with transaction(shop) as session:
        assert availability(session, [plenty, scarce]) == {plenty: 10, scarce: 2}


@pytest.mark.parametrize("hot", [False, True])
def test_a_second_call_replaces_the_first(shop: TenantScope, *, hot: bool) -> None:
    one, two = product(shop, 10, hot=hot), product(shop, 10, hot=hot)
    buyer = checkout(shop)
    hold(shop, buyer, [(one, 4)])

    hold(shop, buyer, [(one, 1), (two, 2)])
    hold(shop, buyer, [(two, 10)])

    with transaction(shop) as session:
        assert availability(session, [one, two]) == {one: 10, two: 0}
        assert audit(session) == []


@pytest.mark.parametrize("hot", [False, True])
def test_an_order_takes_its_way_through_the_ledger(shop: TenantScope, *, hot: bool) -> None:
    variant_id, buyer = product(shop, 10, hot=hot), checkout(shop)
    hold(shop, buyer, [(variant_id, 6)])

    with transaction(shop) as session:
        allocate(session, buyer, 77)
        level_id = level_of(session, variant_id)
        ship(session, level_id, 2, Cause(77))
        deallocate(session, level_id, 1, Cause(77), restock=True)
        deallocate(session, level_id, 1, Cause(77), restock=False)

    with transaction(shop) as session:
        if hot:
            cool(session, level_id)
        assert stock(session, variant_id) == (7, 2, 0)
        assert availability(session, [variant_id]) == {variant_id: 5}
        assert audit(session) == []


def test_units_that_wait_for_the_fold_are_not_sold_again(shop: TenantScope) -> None:
    variant_id, buyer, late = product(shop, 3, hot=True), checkout(shop), checkout(shop)
    hold(shop, buyer, [(variant_id, 3)])
    with transaction(shop) as session:
        allocate(session, buyer, 78)

    with pytest.raises(OutOfStock):
        hold(shop, late, [(variant_id, 1)])

    with transaction(shop) as session:
        fold(session, level_of(session, variant_id))
        assert stock(session, variant_id) == (3, 3, 0)
        assert audit(session) == []


@pytest.mark.parametrize("hot", [False, True])
def test_release_gives_back_and_twice_changes_nothing(shop: TenantScope, *, hot: bool) -> None:
    variant_id, buyer = product(shop, 5, hot=hot), checkout(shop)
    hold(shop, buyer, [(variant_id, 5)])

    for _ in range(2):
        with transaction(shop) as session:
            release(session, buyer)

    with transaction(shop) as session:
        assert availability(session, [variant_id]) == {variant_id: 5}
        assert audit(session) == []


def test_holds_end_with_their_time(shop: TenantScope, other_shop: TenantScope) -> None:
    variant_id, buyer = product(shop, 5), checkout(shop)
    hold(shop, buyer, [(variant_id, 5)])

    with clock.frozen(clock.now() + LATER + timedelta(seconds=1)):
        with transaction(other_shop) as session:
            assert release_expired(session) == 0
        with transaction(shop) as session:
            assert release_expired(session) >= 1

    with transaction(shop) as session:
        assert stock(session, variant_id) == (5, 0, 0)


def test_what_is_not_counted_never_runs_out(shop: TenantScope) -> None:
    uncounted, on_order, buyer = product(shop, None), product(shop, 1, inventory_policy="continue"), checkout(shop)

    hold(shop, buyer, [(uncounted, 50), (on_order, 50)])

    with transaction(shop) as session:
        assert availability(session, [uncounted, on_order]) == {uncounted: UNLIMITED, on_order: UNLIMITED}
        assert stock(session, on_order) == (1, 0, 50)


@pytest.mark.parametrize("hot", [False, True])
def test_stock_cannot_be_set_below_what_buyers_hold(shop: TenantScope, *, hot: bool) -> None:
    variant_id, buyer = product(shop, 5, hot=hot), checkout(shop)
    hold(shop, buyer, [(variant_id, 3)])

    with pytest.raises(StockInUse), transaction(shop) as session:
        set_on_hand(session, variant_id, None, 2, "count", "staff:1")

    with transaction(shop) as session:
        assert availability(session, [variant_id]) == {variant_id: 2}
        set_on_hand(session, variant_id, None, 4, "count", "staff:1")
    with transaction(shop) as session:
        assert availability(session, [variant_id]) == {variant_id: 1}
        assert audit(session) == []


def test_another_shop_sees_no_stock(shop: TenantScope, other_shop: TenantScope) -> None:
    variant_id = product(shop, 5)

    with transaction(other_shop) as session:
        assert availability(session, [variant_id]) == {}
