"""A level that buyers crowd at is sold by units, and from its counters again afterwards; nothing is lost between."""

from __future__ import annotations

import threading
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select, update

from souk.inventory import contention, reserve, temperature
from souk.inventory.allocate import allocate
from souk.inventory.audit import audit
from souk.inventory.models import InventoryLevel, InventoryReservation
from souk.inventory.release import release
from souk.inventory.temperature import cool, heat, pin_hot
from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.worker import hot_stock
from souk.worker.hot_stock import fold_hot_levels
from tests.factories.commerce import delivery_of, events, open_for_business
from tests.inventory.stocking import hold, level, new_checkout, variant
from tests.inventory.test_reserve import together


@pytest.fixture(scope="module", autouse=True)
def selling(shop: TenantScope) -> None:
    open_for_business(shop)


@pytest.fixture(autouse=True)
def small_crowd(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(temperature, "CROWD", 4)
    monkeypatch.setattr(contention, "_told", {})
    monkeypatch.setattr(hot_stock, "_known", set())


def wait_at(scope: TenantScope, variant_id: int) -> None:
    """Let one buyer wait for the level's row for longer than a sale takes."""
    buyer, held, locked = new_checkout(scope), threading.Event(), threading.Event()

    def hold_the_row() -> None:
        with transaction(scope) as session:
            row = update(InventoryLevel).where(InventoryLevel.variant_id == variant_id)
            session.execute(row.values(updated_at=clock.now()))
            locked.set()
            held.wait(4 * contention.CONTENDED_SECONDS)

    holder = threading.Thread(target=hold_the_row)
    holder.start()
    locked.wait()
    hold(scope, buyer, [(variant_id, 1)])
    holder.join()


def test_a_crowd_heats_a_level_and_calm_cools_it(shop: TenantScope, other_shop: TenantScope) -> None:
    variant_id = variant(shop, 50)
    for _ in range(3):
        hold(shop, new_checkout(shop), [(variant_id, 1)])
    wait_at(shop, variant_id)

    hot_stock.heat_contended(delivery_of(shop, "inventory.contended", variant_id))
    crowded = level(shop, variant_id).hot
    hot_stock.fold_hot_shops("default")
    still = level(shop, variant_id).hot
    with clock.frozen(clock.now() + timedelta(minutes=3)):
        hot_stock.fold_hot_shops("default")

    assert (crowded, still, level(shop, variant_id).hot) == (True, True, False)
    assert (level(shop, variant_id).available, hot_stock._known) == (46, set())
    assert events(other_shop, variant_id, "inventory.contended") == []
    with transaction(shop) as session:
        assert audit(session) == []


def test_one_slow_buyer_is_no_crowd(shop: TenantScope) -> None:
    variant_id = variant(shop, 50)
    wait_at(shop, variant_id)

    hot_stock.heat_contended(delivery_of(shop, "inventory.contended", variant_id))

    assert level(shop, variant_id).hot is False


def test_a_sale_without_waiting_tells_nothing(shop: TenantScope) -> None:
    variant_id = variant(shop, 50)

    hold(shop, new_checkout(shop), [(variant_id, 1)])

    assert events(shop, variant_id, "inventory.contended") == []


def test_a_pinned_level_stays_hot_until_it_is_let_go(shop: TenantScope) -> None:
    variant_id = variant(shop, 50)
    with transaction(shop) as session:
        pin_hot(session, level(shop, variant_id).id, pinned=True)

    with clock.frozen(clock.now() + timedelta(hours=3)):
        fold_hot_levels(shop)
    pinned = level(shop, variant_id)
    with transaction(shop) as session:
        pin_hot(session, pinned.id, pinned=False)
    with clock.frozen(clock.now() + timedelta(hours=3)):
        fold_hot_levels(shop)

    assert (pinned.hot, pinned.hot_pinned, level(shop, variant_id).hot) == (True, True, False)


def test_the_round_finds_hot_levels_that_another_process_made(shop: TenantScope, other_shop: TenantScope) -> None:
    variant(shop, 5, hot=True)

    hot_stock.find_hot_shops("default")

    assert shop in hot_stock._known
    assert other_shop not in hot_stock._known


def test_heating_and_cooling_among_buyers_loses_no_unit(shop: TenantScope) -> None:
    variant_id = variant(shop, 60)
    level_id = level(shop, variant_id).id
    buyers = [new_checkout(shop) for _ in range(12)]

    def switch() -> None:
        for _ in range(8):
            with transaction(shop) as session:
                heat(session, level_id)
            with transaction(shop) as session:
                cool(session, level_id)

    def buy(checkout_id: int) -> None:
        hold(shop, checkout_id, [(variant_id, 2)])
        hold(shop, checkout_id, [(variant_id, 5)])
        with transaction(shop) as session:
            if checkout_id % 3:
                allocate(session, checkout_id, checkout_id)
            else:
                release(session, checkout_id)

    raised = together(switch, *[partial(buy, one) for one in buyers])

    assert raised == []
    sold = 5 * sum(1 for one in buyers if one % 3)
    with transaction(shop) as session:
        cool(session, level_id)
        assert audit(session) == []
        still_open = select(InventoryReservation.id).where(
            InventoryReservation.level_id == level_id, InventoryReservation.status == "open"
        )
        assert session.execute(still_open).first() is None
    after = level(shop, variant_id)
    assert (after.on_hand, after.committed, after.reserved) == (60, sold, 0)


@pytest.mark.parametrize(("hot", "returns"), [(False, False), (False, True), (True, False)])
def test_a_level_that_changes_while_it_is_looked_at_is_not_sold_out(
    shop: TenantScope, monkeypatch: pytest.MonkeyPatch, *, hot: bool, returns: bool
) -> None:
    variant_id = variant(shop, 3, hot=hot)
    buyer, level_id = new_checkout(shop), level(shop, variant_id).id
    switch, back = (cool, heat) if hot else (heat, cool)
    name = "claim_units" if hot else "_count"
    choose, look = getattr(reserve, "demand"), getattr(reserve, name)  # noqa: B009 - they are imported there
    looks: list[bool] = []

    def chosen_too_early(*args: Any) -> Any:
        found = choose(*args)
        with transaction(shop) as session:
            switch(session, level_id)
        return found

    def looked_in_between(*args: Any) -> bool:
        found = bool(look(*args))
        looks.append(found)
        if returns and len(looks) == 1:
            with transaction(shop) as session:
                back(session, level_id)
        return found

    monkeypatch.setattr(reserve, "demand", chosen_too_early)
    monkeypatch.setattr(reserve, name, looked_in_between)

    hold(shop, buyer, [(variant_id, 3)])

    assert looks[0] is False
    assert level(shop, variant_id).available == 0
