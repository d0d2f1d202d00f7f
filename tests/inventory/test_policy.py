"""Levels follow what a merchant says of a variant, in the same transaction; back-orders end at their limit."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from souk.catalog.drafts import ProductDraft, VariantDraft
from souk.catalog.models import Product, Variant
from souk.catalog.save_product import save_product
from souk.catalog.update_product import update_product
from souk.catalog.variant_records import variants_of
from souk.inventory.adjust import adjust_on_hand, set_on_hand
from souk.inventory.audit import audit
from souk.inventory.availability import UNLIMITED, availability
from souk.inventory.errors import CannotHeat, OutOfStock, StockInUse
from souk.inventory.temperature import heat
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.worker.hot_stock import fold_hot_levels
from tests.factories.commerce import open_for_business
from tests.inventory.stocking import hold, level, new_checkout, new_location
from tests.inventory.test_reserve import together

DRAFT = ProductDraft(title="Tea", status="active", variants=(VariantDraft(price=500),))


@pytest.fixture(scope="module", autouse=True)
def selling(shop: TenantScope) -> None:
    open_for_business(shop)


def make(scope: TenantScope, stock: int = 2, **policy: object) -> tuple[int, int]:
    """Return (product, variant)."""
    with transaction(scope) as session:
        product_id = save_product(session, _draft(**policy))
        session.flush()
        variant_id = session.execute(select(Variant.id).where(Variant.product_id == product_id)).scalar_one()
        set_on_hand(session, variant_id, None, stock, "received", "staff:1")
    return product_id, variant_id


def change(scope: TenantScope, product_id: int, **policy: object) -> None:
    with transaction(scope) as session:
        update_product(session, product_id, _draft(**policy))


def _draft(**policy: object) -> ProductDraft:
    return replace(DRAFT, variants=(replace(DRAFT.variants[0], **policy),))  # type: ignore[arg-type]


def for_sale(scope: TenantScope, product_id: int, variant_id: int) -> tuple[int, bool]:
    with transaction(scope) as session:
        shown = session.execute(select(Product.available).where(Product.id == product_id)).scalar_one()
        return availability(session, [variant_id])[variant_id], shown


def test_selling_on_begins_and_ends_with_the_policy(shop: TenantScope) -> None:
    product_id, variant_id = make(shop)
    change(shop, product_id, inventory_policy="continue")
    endless = for_sale(shop, product_id, variant_id)
    hold(shop, new_checkout(shop), [(variant_id, 5)])

    change(shop, product_id, inventory_policy="deny")

    assert endless == (UNLIMITED, True)
    assert for_sale(shop, product_id, variant_id) == (0, False)
    with pytest.raises(OutOfStock):
        hold(shop, new_checkout(shop), [(variant_id, 1)])
    with transaction(shop) as session:
        after = adjust_on_hand(session, variant_id, None, 4, reason="received", actor="staff:1")
        assert audit(session) == []
    assert (after.available, for_sale(shop, product_id, variant_id)[0]) == (1, 1)


def test_back_orders_end_at_their_limit(shop: TenantScope) -> None:
    product_id, variant_id = make(shop, 2, inventory_policy="continue", backorder_limit=3)
    with_limit = for_sale(shop, product_id, variant_id)
    buyer = new_checkout(shop)
    hold(shop, buyer, [(variant_id, 5)])

    with pytest.raises(OutOfStock) as caught:
        hold(shop, new_checkout(shop), [(variant_id, 1)])
    change(shop, product_id, inventory_policy="continue", backorder_limit=1)
    lowered = for_sale(shop, product_id, variant_id)
    hold(shop, buyer, [(variant_id, 1)])

    assert (with_limit, caught.value.items) == ((5, True), [{"variant_id": variant_id, "available": 0}])
    assert lowered == (0, False)
    assert for_sale(shop, product_id, variant_id)[0] == 2
    assert (level(shop, variant_id).available, level(shop, variant_id).floor) == (1, -1)


def test_a_shopper_is_told_what_has_to_come_in_first(shop: TenantScope) -> None:
    def told(product_id: int) -> tuple[bool, bool]:
        with transaction(shop, read_only=True) as session:
            (record,) = variants_of(session, [product_id])[product_id]
        return record.available, record.backorder

    limited, variant_id = make(shop, 1, inventory_policy="continue", backorder_limit=2)
    before = told(limited)
    hold(shop, new_checkout(shop), [(variant_id, 1)])
    sold_ahead = told(limited)
    hold(shop, new_checkout(shop), [(variant_id, 2)])

    assert (before, sold_ahead, told(limited)) == ((True, False), (True, True), (False, False))
    assert told(make(shop, 0, inventory_policy="continue")[0]) == (True, True)
    assert told(make(shop, 0, inventory_tracked=False)[0]) == (True, False)
    assert told(make(shop, 0)[0]) == (False, False)


def test_the_limit_is_that_of_the_variant_and_not_of_each_location(shop: TenantScope) -> None:
    _, variant_id = make(shop, 0, inventory_policy="continue", backorder_limit=4)
    place = new_location(shop, "Second")
    with transaction(shop) as session:
        set_on_hand(session, variant_id, place, 0, "count", "staff:1")

    raised = together(*[lambda: _hold_one(shop, variant_id)] * 6)

    assert [type(error) for error in raised] == [OutOfStock] * 2
    assert (level(shop, variant_id).available, level(shop, variant_id, place).available) == (-4, 0)


def _hold_one(scope: TenantScope, variant_id: int) -> None:
    hold(scope, new_checkout(scope), [(variant_id, 1)])


def test_a_limit_without_any_stock_is_for_sale(shop: TenantScope) -> None:
    with transaction(shop) as session:
        product_id = save_product(session, _draft(inventory_policy="continue", backorder_limit=3))
        variant_id = session.execute(select(Variant.id).where(Variant.product_id == product_id)).scalar_one()

    assert for_sale(shop, product_id, variant_id) == (3, True)
    hold(shop, new_checkout(shop), [(variant_id, 3)])
    assert for_sale(shop, product_id, variant_id)[0] == 0


def test_a_product_that_is_saved_without_a_limit_keeps_it(shop: TenantScope) -> None:
    product_id, variant_id = make(shop, 0, inventory_policy="continue", backorder_limit=3)

    change(shop, product_id, inventory_policy="continue")
    kept = for_sale(shop, product_id, variant_id)
    change(shop, product_id, inventory_policy="continue", backorder_limit=None)

    assert (kept, for_sale(shop, product_id, variant_id)) == ((3, True), (UNLIMITED, True))


def test_a_hot_level_cools_before_it_sells_on(shop: TenantScope) -> None:
    product_id, variant_id = make(shop, 2)
    with transaction(shop) as session:
        heat(session, level(shop, variant_id).id)
    change(shop, product_id, inventory_policy="continue")

    fold_hot_levels(shop)

    assert (level(shop, variant_id).hot, level(shop, variant_id).oversellable) == (False, True)
    hold(shop, new_checkout(shop), [(variant_id, 5)])
    with pytest.raises(CannotHeat), transaction(shop) as session:
        heat(session, level(shop, variant_id).id)
    with transaction(shop) as session:
        assert audit(session) == []


def test_a_count_may_not_break_a_promise_but_may_keep_more_of_it(shop: TenantScope) -> None:
    product_id, variant_id = make(shop, 2, inventory_policy="continue")
    hold(shop, new_checkout(shop), [(variant_id, 5)])
    change(shop, product_id, inventory_policy="deny")

    with pytest.raises(StockInUse), transaction(shop) as session:
        set_on_hand(session, variant_id, None, 1, "count", "staff:1")
    with transaction(shop) as session:
        after = set_on_hand(session, variant_id, None, 3, "count", "staff:1")

    assert (after.on_hand, after.available) == (3, -2)
