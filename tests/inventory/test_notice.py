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
