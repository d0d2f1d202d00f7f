"""A draft over real orders: what it would have cost, and which carts it would have given away."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from souk.catalog.models import Variant
from souk.checkout.complete import complete_checkout
from souk.discounts.drafts import DiscountDraft
from souk.discounts.errors import DiscountInvalid
from souk.discounts.models import Discount
from souk.discounts.simulate import simulate
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.orders.cancel import cancel_order
from tests.factories.catalog import make_product
from tests.factories.commerce import APPROVED, open_for_business, ready_checkout


@pytest.fixture(scope="module")
def orders(shop: TenantScope, other_shop: TenantScope) -> list[int]:
    """Three orders of mugs at 10.00 that cost 6.00: of 1, 2 and 4 units; and a canceled one."""
    open_for_business(shop)
    open_for_business(other_shop)
    with transaction(shop) as session:
        mug = make_product(session, stock=50, price=1_000, cost=600)[0]
    placed = [
        complete_checkout(shop, ready_checkout(shop, [(mug, units)]), APPROVED).order_id for units in (1, 2, 4, 9)
    ]
    ids = [number for number in placed if number is not None]
    cancel_order(shop, ids[-1], "customer", restock=True, actor="staff:1")
    return ids


def tried(scope: TenantScope, value: object, **told: object) -> tuple[int, int, int, int, list[int]]:
    """Return (hits, saved, zero, below cost, orders of the warnings)."""
    rules = {"value": value, **dict(told.pop("rules", {}))}  # type: ignore[call-overload]
    with transaction(scope, read_only=True) as session:
        found = simulate(session, DiscountDraft(title="Try", rules=rules, **told))  # type: ignore[arg-type]
    return found.hits, found.saved, found.zero, found.below_cost, [hit.order_id for hit in found.warnings]


def test_what_it_would_have_cost(shop: TenantScope, other_shop: TenantScope, orders: list[int]) -> None:
    assert tried(shop, "10") == (3, 700, 0, 0, [])
    # Half of 10.00 is less than the 6.00 that a mug costs.
    assert tried(shop, "50") == (3, 3_500, 0, 3, [orders[2], orders[1], orders[0]])
    assert tried(shop, 2_000, value_type="fixed_amount") == (3, 5_000, 2, 3, [orders[1], orders[2], orders[0]])
    assert tried(shop, "10", rules={"minimum": {"quantity": 2}}) == (2, 600, 0, 0, [])
    assert tried(shop, "10", per_customer=1)[:2] == (1, 100)
    assert tried(shop, "10", usage_limit=2)[:2] == (2, 300)
    assert tried(shop, "10", budget=350)[:2] == (2, 300)
    assert tried(shop, "10", rules={"customers": {"first_order": True}})[:2] == (1, 100)
    assert tried(shop, None, kind="shipping", value_type="free_shipping")[:2] == (3, 1_500)
    assert tried(other_shop, "10") == (0, 0, 0, 0, [])


def test_a_simulation_writes_nothing(shop: TenantScope, orders: list[int]) -> None:
    with pytest.raises(DiscountInvalid):
        tried(shop, "101")
    with transaction(shop) as session:
        assert session.execute(select(Discount.id)).all() == []
        session.execute(update(Variant).values(cost=None))
    assert tried(shop, "50")[3:] == (0, [])
    assert len(orders) == 4
