"""The catalogue learns when stock begins or ceases to be."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from souk.catalog.models import Product, Variant
from souk.checkout.complete import complete_checkout
from souk.inventory.notice import refresh_after_sale
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.orders.cancel import cancel_order
from tests.factories.catalog import make_product
from tests.factories.commerce import APPROVED, delivery_of, events, open_for_business, ready_checkout


@pytest.fixture(scope="module", autouse=True)
def selling(shop: TenantScope) -> None:
    open_for_business(shop)


def available(scope: TenantScope, variant_id: int) -> tuple[bool, int]:
    with transaction(scope) as session:
        row = session.execute(
            select(Product.available, Product.version)
            .join(Variant, Variant.product_id == Product.id)
            .where(Variant.id == variant_id)
        ).one()
        return row.available, row.version


def test_selling_out_and_coming_back_are_told(shop: TenantScope) -> None:
    with transaction(shop) as session:
        (variant_id,) = make_product(session, stock=2)
    stocked = available(shop, variant_id)

    order_id = complete_checkout(shop, ready_checkout(shop, [(variant_id, 2)]), APPROVED).order_id or 0
    refresh_after_sale(delivery_of(shop, "inventory.updated", variant_id))
    sold_out = available(shop, variant_id)
    cancel_order(shop, order_id, "customer", restock=True, actor="customer")
    refresh_after_sale(delivery_of(shop, "inventory.updated", variant_id))

    assert stocked == (True, 2)
    assert sold_out == (False, 3)
    assert available(shop, variant_id) == (True, 4)
    assert events(shop, variant_id, "inventory.updated") == ["inventory.updated"] * 3


def test_a_sale_that_leaves_stock_is_not_told(shop: TenantScope) -> None:
    with transaction(shop) as session:
        (variant_id,) = make_product(session, stock=5)

    complete_checkout(shop, ready_checkout(shop, [(variant_id, 2)]), APPROVED)

    assert events(shop, variant_id, "inventory.updated") == ["inventory.updated"]


def test_a_hot_variant_is_shown_as_in_stock_and_a_full_backlog_is_not(shop: TenantScope) -> None:
    from souk.catalog.variant_records import variants_of
    from tests.inventory.stocking import hold, new_checkout, variant

    crowded, sold_on = variant(shop, 3, hot=True), variant(shop, 0, inventory_policy="continue", backorder_limit=2)
    with transaction(shop) as session:
        products = {
            variant_id: session.execute(select(Variant.product_id).where(Variant.id == variant_id)).scalar_one()
            for variant_id in (crowded, sold_on)
        }

    def shown() -> dict[int, tuple[int | None, bool]]:
        with transaction(shop) as session:
            found = variants_of(session, list(products.values()))
            return {one.id: (one.stock, one.available) for each in found.values() for one in each}

    before = shown()
    hold(shop, new_checkout(shop), [(crowded, 3), (sold_on, 2)])

    assert before == {crowded: (3, True), sold_on: (0, True)}
    assert shown() == {crowded: (0, False), sold_on: (-2, False)}
