"""Products carry what sold of them lately."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from souk.catalog.filters import ProductFilters
from souk.catalog.listing import list_products
from souk.catalog.models import Product, Variant
from souk.checkout.complete import complete_checkout
from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.orders.cancel import cancel_order
from souk.orders.count_sales import WINDOW, count_sales
from tests.factories.catalog import make_product
from tests.factories.commerce import APPROVED, open_for_business, ready_checkout
from tests.fixtures.shops import make_shop


@pytest.fixture
def selling(platform: None) -> TenantScope:
    scope = make_shop()
    open_for_business(scope)
    return scope


def products(scope: TenantScope, many: int) -> list[int]:
    """Make products and return their variants."""
    with transaction(scope) as session:
        return [make_product(session, stock=50, price=1_000)[0] for _ in range(many)]


def buy(scope: TenantScope, variant_id: int, quantity: int) -> int:
    order_id = complete_checkout(scope, ready_checkout(scope, [(variant_id, quantity)]), APPROVED).order_id
    assert order_id is not None
    return order_id


def units(scope: TenantScope, variants: list[int]) -> list[int]:
    sold = select(Variant.id, Product.units_sold).join(Product, Product.id == Variant.product_id)
    with transaction(scope, read_only=True) as session:
        found = {row.id: row.units_sold for row in session.execute(sold.where(Variant.id.in_(variants)))}
    return [found[variant] for variant in variants]


def test_units_of_standing_orders_are_counted(selling: TenantScope, other_shop: TenantScope) -> None:
    once, twice, _, canceled = variants = products(selling, 4)
    theirs = products(other_shop, 4)
    buy(selling, once, 1)
    buy(selling, twice, 2)
    buy(selling, twice, 3)
    cancel_order(selling, buy(selling, canceled, 7), "customer", True, "staff:1")

    changed = count_sales(selling)

    assert units(selling, variants) == [1, 5, 0, 0]
    assert changed == 2
    assert units(other_shop, theirs) == [0, 0, 0, 0]
    assert count_sales(selling) == 0


def test_what_sold_long_ago_is_forgotten(selling: TenantScope) -> None:
    (variant,) = products(selling, 1)
    buy(selling, variant, 4)
    count_sales(selling)

    with clock.frozen(clock.now() + WINDOW - timedelta(hours=1)):
        before = (count_sales(selling), units(selling, [variant]))
    with clock.frozen(clock.now() + WINDOW + timedelta(hours=1)):
        after = (count_sales(selling), units(selling, [variant]))

    assert before == (0, [4])
    assert after == (1, [0])


def test_best_selling_lists_by_units_and_newest_first_among_equals(selling: TenantScope) -> None:
    slow, fast, none, last = products(selling, 4)
    buy(selling, slow, 1)
    buy(selling, fast, 6)
    count_sales(selling)

    with transaction(selling, read_only=True) as session:
        listed = [card.id for card in list_products(session, ProductFilters(), "best-selling").products]
        of = {row.id: row.product_id for row in session.execute(select(Variant.id, Variant.product_id))}

    assert listed == [of[fast], of[slow], of[last], of[none]]
