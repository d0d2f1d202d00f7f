"""A merchant's numbers arrive exactly, with their cause, and never over numbers that were not seen."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from souk.catalog.bundles.compose import set_components
from souk.inventory.adjust import adjust_on_hand, set_on_hand
from souk.inventory.audit import audit
from souk.inventory.browse import StockFilter, list_stock, movements_of
from souk.inventory.errors import (
    BadQuantity,
    BadReason,
    BundleHasNoStock,
    StaleStock,
    StockInUse,
    UnknownLocation,
    UnknownVariant,
)
from souk.inventory.models import InventoryMovement
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from tests.factories.commerce import events, open_for_business
from tests.inventory.stocking import hold, level, new_checkout, new_location, variant


@pytest.fixture(scope="module", autouse=True)
def selling(shop: TenantScope) -> None:
    open_for_business(shop)


def movements(scope: TenantScope) -> int:
    with transaction(scope, read_only=True) as session:
        return session.execute(select(func.count(InventoryMovement.id))).scalar_one()


def test_a_bundle_has_no_stock_of_its_own(shop: TenantScope) -> None:
    box, part = variant(shop, 0), variant(shop, 4)
    with transaction(shop) as session:
        set_components(session, box, {part: 1})
    before = movements(shop)

    with transaction(shop) as session, pytest.raises(BundleHasNoStock):
        set_on_hand(session, box, None, 3, "count", "staff:7")
    with transaction(shop) as session, pytest.raises(BundleHasNoStock):
        adjust_on_hand(session, box, None, 3, reason="received", actor="staff:7")

    assert movements(shop) == before


def test_an_adjustment_has_its_cause_in_the_ledger(shop: TenantScope, other_shop: TenantScope) -> None:
    variant_id = variant(shop, 10)

    with transaction(shop) as session:
        after = adjust_on_hand(
            session, variant_id, None, -3, reason="damaged", note="fell from  the shelf", actor="staff:7"
        )

    assert (after.on_hand, after.available, after.version) == (7, 7, 2)
    with transaction(shop) as session:
        newest = movements_of(session, variant_id)[0]
        assert (newest.kind, newest.quantity, newest.reason, newest.actor, newest.on_hand_after) == (
            "adjusted", -3, "damaged: fell from the shelf", "staff:7", 7,
        )  # fmt: skip
        assert audit(session) == []
    with transaction(other_shop) as session:
        assert movements_of(session, variant_id) == []
        assert list_stock(session, StockFilter()) == []


def test_an_edit_over_a_newer_one_is_refused_with_the_newer_numbers(shop: TenantScope) -> None:
    variant_id = variant(shop, 10)
    seen = level(shop, variant_id).version
    with transaction(shop) as session:
        set_on_hand(session, variant_id, None, 12, "count", "staff:1", seen_version=seen)
    before = movements(shop)

    with pytest.raises(StaleStock) as caught, transaction(shop) as session:
        set_on_hand(session, variant_id, None, 8, "count", "staff:2", seen_version=seen)

    assert (caught.value.current["on_hand"], caught.value.current["version"]) == (12, seen + 1)
    assert movements(shop) == before
    with transaction(shop) as session:
        set_on_hand(session, variant_id, None, 8, "count", "staff:2", seen_version=caught.value.current["version"])
    assert level(shop, variant_id).on_hand == 8


def test_a_sale_does_not_make_an_edit_stale(shop: TenantScope) -> None:
    variant_id, buyer = variant(shop, 10), new_checkout(shop)
    seen = level(shop, variant_id).version
    hold(shop, buyer, [(variant_id, 4)])

    with transaction(shop) as session:
        after = set_on_hand(session, variant_id, None, 9, "count", "staff:1", seen_version=seen)

    assert (after.on_hand, after.reserved, after.available) == (9, 4, 5)


def test_the_first_edit_at_a_location_carries_version_zero(shop: TenantScope) -> None:
    variant_id, place = variant(shop, 10), new_location(shop, "Cellar")

    with transaction(shop) as session:
        after = set_on_hand(session, variant_id, place, 5, "received", "staff:1", seen_version=0)
    with pytest.raises(StaleStock), transaction(shop) as session:
        set_on_hand(session, variant_id, place, 6, "received", "staff:2", seen_version=0)

    assert (after.on_hand, after.version) == (5, 1)
    assert level(shop, variant_id, place).on_hand == 5


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"difference": 0, "reason": "count"}, BadQuantity),
        ({"difference": 10**9, "reason": "count"}, BadQuantity),
        ({"difference": 1, "reason": "magic"}, BadReason),
        ({"difference": 1, "reason": "other", "note": "x" * 201}, BadReason),
        ({"difference": -11, "reason": "lost"}, StockInUse),
    ],
)
@pytest.mark.parametrize("hot", [False, True])
def test_a_bad_adjustment_changes_nothing(
    shop: TenantScope, change: dict[str, object], error: type[Exception], *, hot: bool
) -> None:
    variant_id = variant(shop, 10, hot=hot)
    before = movements(shop)

    with pytest.raises(error), transaction(shop) as session:
        adjust_on_hand(session, variant_id, None, actor="staff:1", **change)  # type: ignore[arg-type]

    assert movements(shop) == before
    assert level(shop, variant_id).available == 10


def test_unknown_things_are_told(shop: TenantScope) -> None:
    variant_id = variant(shop, 1)

    with pytest.raises(UnknownVariant), transaction(shop) as session:
        set_on_hand(session, 999_999, None, 1, "count", "staff:1")
    with pytest.raises(UnknownLocation), transaction(shop) as session:
        set_on_hand(session, variant_id, 999_999, 1, "count", "staff:1")


@pytest.mark.parametrize("hot", [False, True])
def test_low_stock_is_told_once(shop: TenantScope, *, hot: bool) -> None:
    from souk.inventory.threshold import set_threshold
    from souk.worker.hot_stock import fold_hot_levels

    variant_id, first, second = variant(shop, 10, hot=hot), new_checkout(shop), new_checkout(shop)
    with transaction(shop) as session:
        set_threshold(session, level(shop, variant_id).id, 3)

    for buyer, quantity in ((first, 7), (second, 1)):
        hold(shop, buyer, [(variant_id, quantity)])
        fold_hot_levels(shop)

    assert events(shop, variant_id, "inventory.low") == ["inventory.low"]
    with transaction(shop) as session:
        assert [row.variant_id for row in list_stock(session, StockFilter(status="low"))].count(variant_id) == 1


@pytest.mark.parametrize("hot", [False, True])
def test_selling_out_is_told_on_both_paths(shop: TenantScope, *, hot: bool) -> None:
    from souk.worker.hot_stock import fold_hot_levels

    variant_id, buyer = variant(shop, 2, hot=hot), new_checkout(shop)
    hold(shop, buyer, [(variant_id, 2)])
    fold_hot_levels(shop)

    assert len(events(shop, variant_id, "inventory.updated")) == 2
