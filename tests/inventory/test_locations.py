"""Locations serve in their order, the last one stays, and the catalogue follows what is closed."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from souk.catalog.models import Product, Variant
from souk.inventory.adjust import set_on_hand
from souk.inventory.availability import availability
from souk.inventory.errors import (
    BadLocationName,
    LastLocation,
    LocationExpectsGoods,
    LocationNameTaken,
    UnknownLocation,
)
from souk.inventory.locations import (
    activate_location,
    create_location,
    deactivate_location,
    list_locations,
    order_locations,
    rename_location,
)
from souk.inventory.transfer import create_transfer
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from tests.factories.commerce import open_for_business
from tests.fixtures.shops import make_shop
from tests.inventory.stocking import hold, level, new_checkout, new_location, variant


@pytest.fixture
def fresh(platform: None) -> TenantScope:
    scope = make_shop()
    open_for_business(scope)
    return scope


def names(scope: TenantScope) -> list[tuple[str, bool]]:
    with transaction(scope) as session:
        return [(row.name, row.active) for row in list_locations(session)]


def test_locations_are_made_named_and_ordered(fresh: TenantScope, other_shop: TenantScope) -> None:
    with transaction(fresh) as session:
        cellar = create_location(session, "  The  cellar ", {"city": "Springfield"})
        attic = create_location(session, "Attic")
        rename_location(session, cellar, "Cellar")
        order_locations(session, [attic, cellar])

    assert names(fresh) == [("Attic", True), ("Cellar", True), ("Main", True)]
    assert names(other_shop) == [("Main", True)]


@pytest.mark.parametrize(
    ("name", "error"), [("", BadLocationName), ("x" * 81, BadLocationName), ("mAIN", LocationNameTaken)]
)
def test_a_bad_name_changes_nothing(fresh: TenantScope, name: str, error: type[Exception]) -> None:
    with pytest.raises(error), transaction(fresh) as session:
        create_location(session, name)

    assert names(fresh) == [("Main", True)]


def test_the_first_location_that_has_the_whole_line_serves_it(fresh: TenantScope) -> None:
    near, variant_id = new_location(fresh, "Near"), variant(fresh, 10)
    with transaction(fresh) as session:
        main = list_locations(session)[0].id
        set_on_hand(session, variant_id, near, 3, "received", "staff:1")
        order_locations(session, [near, main])

    small = hold(fresh, new_checkout(fresh), [(variant_id, 2)])
    large = hold(fresh, new_checkout(fresh), [(variant_id, 5)])

    assert small == {variant_id: level(fresh, variant_id, near).id}
    assert large == {variant_id: level(fresh, variant_id, main).id}


def test_a_hot_location_that_is_empty_lets_the_next_one_serve(fresh: TenantScope) -> None:
    variant_id, far = variant(fresh, 1, hot=True), new_location(fresh, "Far")
    with transaction(fresh) as session:
        set_on_hand(session, variant_id, far, 1, "received", "staff:1")

    for _ in range(2):
        hold(fresh, new_checkout(fresh), [(variant_id, 1)])

    with transaction(fresh) as session:
        assert availability(session, [variant_id]) == {variant_id: 0}


def test_a_closed_location_sells_nothing_and_products_follow(fresh: TenantScope) -> None:
    variant_id, other = variant(fresh, 4), new_location(fresh, "Other")
    with transaction(fresh) as session:
        main = list_locations(session)[0].id
        deactivate_location(session, main)

    def state() -> tuple[dict[int, int], bool]:
        with transaction(fresh) as session:
            shown = select(Product.available).join(Variant).where(Variant.id == variant_id)
            return availability(session, [variant_id]), session.execute(shown).scalar_one()

    closed = state()
    with transaction(fresh) as session:
        activate_location(session, main)

    assert closed == ({variant_id: 0}, False)
    assert state() == ({variant_id: 4}, True)
    assert other != main


def test_the_last_location_and_one_that_expects_goods_stay_open(fresh: TenantScope) -> None:
    variant_id = variant(fresh, 4)
    with transaction(fresh) as session:
        main = list_locations(session)[0].id
    with pytest.raises(LastLocation), transaction(fresh) as session:
        deactivate_location(session, main)
    other = new_location(fresh, "Other")
    with transaction(fresh) as session:
        create_transfer(session, main, other, {variant_id: 1}, actor="staff:1")

    with pytest.raises(LocationExpectsGoods), transaction(fresh) as session:
        deactivate_location(session, other)

    assert names(fresh) == [("Main", True), ("Other", True)]
    with pytest.raises(UnknownLocation), transaction(fresh) as session:
        rename_location(session, 999_999, "Nowhere")
