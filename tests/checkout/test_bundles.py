"""A bundle is sold from the stock of its parts, and from nothing else."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from souk.catalog.bundles.compose import set_components
from souk.catalog.bundles.errors import BundleInvalid, VariantInBundle
from souk.catalog.bundles.read import components_of, find_variants
from souk.catalog.delete_product import delete_product
from souk.catalog.errors import VariantMissing
from souk.catalog.models import Product, Variant
from souk.catalog.variant_records import variants_of
from souk.checkout.complete import complete_checkout
from souk.inventory.audit import audit
from souk.inventory.availability import UNLIMITED, availability
from souk.inventory.errors import OutOfStock
from souk.inventory.notice import refresh_after_sale
from souk.inventory.temperature import heat
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.orders.cancel import cancel_order
from souk.orders.fulfill import fulfill_order
from souk.orders.models import OrderLine
from souk.orders.refund import RefundLine, refund_order
from tests.factories.catalog import make_product
from tests.factories.commerce import APPROVED, delivery_of, events, open_for_business, ready_checkout, stock
from tests.inventory.stocking import level_id
from tests.inventory.test_reserve import together


@pytest.fixture(scope="module", autouse=True)
def selling(shop: TenantScope) -> None:
    open_for_business(shop)


def make(scope: TenantScope, stock: int | None, **values: Any) -> int:
    with transaction(scope) as session:
        return make_product(session, stock=stock, **values)[0]


def bundle(scope: TenantScope, parts: dict[int, int]) -> int:
    """Return a bundle whose own variant has plenty of stock, which must not matter."""
    variant_id = make(scope, 99, title="Set")
    with transaction(scope) as session:
        set_components(session, variant_id, parts)
    return variant_id


def had(scope: TenantScope, variant_id: int) -> int:
    with transaction(scope, read_only=True) as session:
        return availability(session, [variant_id])[variant_id]


def stocks(scope: TenantScope, *variant_ids: int) -> list[tuple[int, int, int]]:
    with transaction(scope, read_only=True) as session:
        assert audit(session) == []
        return [stock(session, variant_id) for variant_id in variant_ids]


def product_of(scope: TenantScope, variant_id: int) -> Any:
    query = select(Product.id, Product.available).join(Variant, Variant.product_id == Product.id)
    with transaction(scope, read_only=True) as session:
        return session.execute(query.where(Variant.id == variant_id)).one()


def test_a_bundle_is_sold_sent_and_taken_back_as_its_parts(shop: TenantScope) -> None:
    soap, towel, free = make(shop, 7, title="Soap"), make(shop, 5, title="Towel"), make(shop, None, title="Card")
    box = bundle(shop, {towel: 1, soap: 2, free: 1})

    order_id = complete_checkout(shop, ready_checkout(shop, [(box, 2), (soap, 1)]), APPROVED).order_id or 0

    assert stocks(shop, soap, towel, box) == [(7, 5, 0), (5, 2, 0), (99, 0, 0)]
    assert had(shop, box) == 1
    with transaction(shop) as session:
        lines = session.execute(select(*OrderLine.__table__.c).where(OrderLine.order_id == order_id)).all()
        line = next(one for one in lines if one.components)
        assert [(one["title"], one["quantity"]) for one in line.components] == [("Towel", 1), ("Soap", 2), ("Card", 1)]
        # What the bundle consists of later is nothing to this order.
        set_components(session, box, {soap: 1})
        fulfill_order(session, order_id, [(line.id, 1)])
    assert stocks(shop, soap, towel) == [(5, 3, 0), (4, 1, 0)]

    refund_order(shop, order_id, 1_000, [RefundLine(line.id, 2, restock=True)], "returned", "staff:1", f"b-{order_id}")

    assert stocks(shop, soap, towel) == [(7, 1, 0), (5, 0, 0)]


def test_a_canceled_bundle_gives_its_parts_back(shop: TenantScope) -> None:
    soap = make(shop, 4)
    box = bundle(shop, {soap: 2})
    order_id = complete_checkout(shop, ready_checkout(shop, [(box, 2)]), APPROVED).order_id or 0

    cancel_order(shop, order_id, "customer", restock=True, actor="staff:1")

    assert stocks(shop, soap) == [(4, 0, 0)]


@pytest.mark.parametrize("hot", [False, True])
def test_bundle_and_part_race_for_the_last_unit(shop: TenantScope, *, hot: bool) -> None:
    soap, towel = make(shop, 1), make(shop, 5)
    box = bundle(shop, {towel: 1, soap: 1})
    if hot:
        with transaction(shop) as session:
            heat(session, level_id(session, soap))
    first, second = ready_checkout(shop, [(box, 1)]), ready_checkout(shop, [(soap, 1)])

    def buy(token: str) -> None:
        complete_checkout(shop, token, APPROVED)

    raised = together(partial(buy, first), partial(buy, second))

    assert [type(error) for error in raised] == [OutOfStock]
    with transaction(shop, read_only=True) as session:
        assert audit(session) == []
    assert (had(shop, soap), had(shop, box)) == (0, 0)


def test_a_shortage_is_told_in_units_of_the_bundle(shop: TenantScope) -> None:
    soap = make(shop, 8)
    box = bundle(shop, {soap: 3})
    token = ready_checkout(shop, [(box, 2)])
    complete_checkout(shop, ready_checkout(shop, [(soap, 3)]), APPROVED)

    with pytest.raises(OutOfStock) as short:
        complete_checkout(shop, token, APPROVED)

    assert short.value.items == [{"variant_id": box, "available": 1}]
    assert stocks(shop, soap) == [(8, 3, 0)]


def test_pages_and_search_follow_the_parts(shop: TenantScope) -> None:
    soap = make(shop, 4)
    box = bundle(shop, {soap: 3})
    before = product_of(shop, box)

    complete_checkout(shop, ready_checkout(shop, [(soap, 2)]), APPROVED)
    refresh_after_sale(delivery_of(shop, "inventory.updated", soap))

    assert (before.available, product_of(shop, box).available, product_of(shop, soap).available) == (True, False, True)
    assert events(shop, before.id, "product.updated")[-1:] == ["product.updated"]
    with transaction(shop, read_only=True) as session:
        (shown,) = variants_of(session, [before.id])[before.id]
    assert (shown.available, shown.stock) == (False, 0)


@pytest.mark.parametrize(
    ("parts", "most"),
    [
        ([(9, 2, {})], 4),
        ([(9, 2, {}), (3, 1, {})], 3),
        ([(1, 2, {"inventory_policy": "continue"}), (6, 1, {})], 6),
        ([(1, 2, {"inventory_policy": "continue", "backorder_limit": 5})], 3),
        ([(None, 4, {})], UNLIMITED),
    ],
)
def test_the_scarcest_part_says_how_many(shop: TenantScope, parts: list[Any], most: int) -> None:
    box = bundle(shop, {make(shop, stock, **values): quantity for stock, quantity, values in parts})

    with transaction(shop, read_only=True) as session:
        product_id = product_of(shop, box).id
        (shown,) = variants_of(session, [product_id])[product_id]
    assert (had(shop, box), shown.stock, shown.available) == (most, most, True)


def test_what_cannot_be_a_bundle_is_refused(shop: TenantScope, other_shop: TenantScope) -> None:
    soap, foreign = make(shop, 4, title="Rare soap"), make(other_shop, 4, title="Rare soap")
    box, other = bundle(shop, {soap: 1}), make(shop, 1)
    bad: list[tuple[int, dict[int, int]]] = [
        (other, {other: 1}), (other, {box: 1}), (soap, {other: 1}), (other, {soap: 0}), (other, {foreign + 10**6: 1}),
    ]  # fmt: skip

    for variant_id, parts in bad:
        with pytest.raises(BundleInvalid), transaction(shop) as session:
            set_components(session, variant_id, parts)
    with pytest.raises(VariantMissing), transaction(other_shop) as session:
        set_components(session, box + 10**6, {foreign: 1})
    with pytest.raises(VariantInBundle, match="take it out of that bundle"), transaction(shop) as session:
        delete_product(session, product_of(shop, soap).id)

    with transaction(shop, read_only=True) as session:
        assert list(components_of(session, [box, other, soap])) == [box]
        assert [one.variant_id for one in find_variants(session, "rare soap", apart_from=other)] == [soap]
        assert find_variants(session, "%", apart_from=other) == []
    with transaction(other_shop, read_only=True) as session:
        assert components_of(session, [box]) == {}


def test_two_people_cannot_nest_bundles_at_once(shop: TenantScope) -> None:
    inner, middle, outer = make(shop, 1), make(shop, 1), make(shop, 1)

    def compose(variant_id: int, part: int) -> None:
        with transaction(shop) as session:
            set_components(session, variant_id, {part: 1})

    raised = together(lambda: compose(middle, inner), lambda: compose(outer, middle))

    assert [type(error) for error in raised] == [BundleInvalid]
