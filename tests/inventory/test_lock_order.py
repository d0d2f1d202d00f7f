"""Cooling, giving back and buying lock levels before their units and one level after the other, so that none of them
waits for another in a circle. Each test makes two connections meet where they would.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from souk.inventory import temperature
from souk.inventory.audit import audit
from souk.inventory.errors import OutOfStock
from souk.inventory.release import release, release_expired
from souk.inventory.reserve import reserve
from souk.inventory.temperature import cool, heat
from souk.inventory.units import lock_level
from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.worker import hot_stock
from tests.factories.commerce import open_for_business
from tests.inventory.stocking import LATER, hold, level, new_checkout, variant

# Long enough for the other side to come to the lock it waits for.
MEET = 0.5


@pytest.fixture(scope="module", autouse=True)
def selling(shop: TenantScope) -> None:
    open_for_business(shop)


@pytest.fixture(autouse=True)
def no_crowd(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(temperature, "CROWD", 1_000)
    monkeypatch.setattr(hot_stock, "_known", set())


def meet(
    scope: TenantScope,
    first: Callable[[Session], object],
    then: Callable[[Session], object],
    other: Callable[[], object],
) -> list[DBAPIError]:
    """Do `first` and, once `other` had the time to come to its lock, `then` in one transaction; return what failed."""
    raised: list[DBAPIError] = []
    begun = threading.Event()

    def meanwhile() -> None:
        begun.wait()
        try:
            other()
        except DBAPIError as error:
            raised.append(error)

    thread = threading.Thread(target=meanwhile)
    thread.start()
    try:
        with transaction(scope) as session:
            first(session)
            begun.set()
            time.sleep(MEET)
            then(session)
    except OutOfStock:
        pass
    except DBAPIError as error:
        raised.append(error)
    thread.join()
    return raised


def test_cooling_several_levels_lets_a_buyer_of_two_of_them_through(shop: TenantScope) -> None:
    one, two = variant(shop, 5, hot=True), variant(shop, 1, hot=True)
    first, second = new_checkout(shop), new_checkout(shop)
    until = clock.now() + LATER
    hot_stock.find_hot_shops("default")

    def cool_all() -> None:
        with clock.frozen(clock.now() + timedelta(minutes=10)):
            hot_stock.fold_hot_shops("default")

    raised = meet(
        shop,
        lambda session: reserve(session, first, [(one, 1)], until),
        # More than there is: it has to look at the level itself.
        lambda session: reserve(session, second, [(two, 2)], until),
        cool_all,
    )

    assert raised == []
    assert [level(shop, each).hot for each in (one, two)] == [False, False]
    with transaction(shop) as session:
        assert audit(session) == []


def test_giving_back_much_of_one_level_does_not_wait_in_a_circle_with_its_cooling(shop: TenantScope) -> None:
    variant_id = variant(shop, 9)
    whole, half = new_checkout(shop), new_checkout(shop)
    hold(shop, half, [(variant_id, 1)])
    with transaction(shop) as session:
        heat(session, level(shop, variant_id).id)
    hold(shop, whole, [(variant_id, 1)])
    # One in the counters from before, one as a unit: this reservation needs the level's row as well.
    hold(shop, half, [(variant_id, 2)])
    level_id = level(shop, variant_id).id

    def expire() -> None:
        with clock.frozen(clock.now() + 2 * LATER), transaction(shop) as session:
            release_expired(session)

    raised = meet(shop, lambda session: lock_level(session, level_id), lambda session: cool(session, level_id), expire)

    assert raised == []
    assert (level(shop, variant_id).available, level(shop, variant_id).hot) == (9, False)
    with transaction(shop) as session:
        assert audit(session) == []


def test_taking_less_of_a_level_does_not_wait_in_a_circle_with_its_cooling(shop: TenantScope) -> None:
    variant_id, buyer = variant(shop, 9), new_checkout(shop)
    hold(shop, buyer, [(variant_id, 2)])
    with transaction(shop) as session:
        heat(session, level(shop, variant_id).id)
    hold(shop, buyer, [(variant_id, 3)])
    level_id = level(shop, variant_id).id

    raised = meet(
        shop,
        lambda session: lock_level(session, level_id),
        lambda session: cool(session, level_id),
        partial(hold, shop, buyer, [(variant_id, 1)]),
    )

    assert raised == []
    assert level(shop, variant_id).available == 8
    with transaction(shop) as session:
        assert audit(session) == []


def test_giving_back_goes_from_level_to_level_as_buyers_do(shop: TenantScope) -> None:
    calm, crowded, buyer = variant(shop, 9), variant(shop, 9), new_checkout(shop)
    hold(shop, buyer, [(calm, 1), (crowded, 1)])
    with transaction(shop) as session:
        heat(session, level(shop, crowded).id)
    ids = level(shop, calm).id, level(shop, crowded).id

    def give_back() -> None:
        with transaction(shop) as session:
            release(session, buyer)

    raised = meet(
        shop,
        lambda session: lock_level(session, ids[0]),
        lambda session: lock_level(session, ids[1]),
        give_back,
    )

    assert raised == []
    assert [level(shop, each).available for each in (calm, crowded)] == [9, 9]
