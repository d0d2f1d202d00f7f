"""Old addresses of renamed products, and products that orders keep."""

from __future__ import annotations

import pytest
from sqlalchemy import insert

from souk.catalog.delete_product import delete_product
from souk.catalog.drafts import ProductDraft, VariantDraft
from souk.catalog.errors import ProductInOrders
from souk.catalog.models import Product
from souk.catalog.save_product import save_product
from souk.catalog.set_status import set_status
from souk.catalog.update_product import update_product
from souk.content.redirects import redirect_of
from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.orders.models import Order, OrderLine


def draft(handle: str) -> ProductDraft:
    return ProductDraft(title="Chair", handle=handle, variants=(VariantDraft(price=900),))


def test_a_product_that_moved_twice_and_back_leads_straight(shop: TenantScope, other_shop: TenantScope) -> None:
    with transaction(shop) as session:
        product_id = save_product(session, draft("one"))
        for handle in ("two", "three"):
            update_product(session, product_id, draft(handle))
        away = [redirect_of(session, f"/products/{handle}") for handle in ("one", "two", "three")]

        update_product(session, product_id, draft("one"))
        back = [redirect_of(session, f"/products/{handle}") for handle in ("one", "two", "three")]

    assert away == ["/products/three", "/products/three", None]
    assert back == [None, "/products/one", "/products/one"]
    with transaction(other_shop, read_only=True) as session:
        assert redirect_of(session, "/products/two") is None


def test_a_sold_product_is_archived_and_not_deleted(shop: TenantScope, other_shop: TenantScope) -> None:
    with transaction(shop) as session:
        product_id = save_product(session, draft("sold"))
        order = insert(Order).values(
            number=7001, name="#7001", token="t7001", email="b@example.com", currency="USD", prices_include_tax=False,
            subtotal=900, shipping_total=0, total=900, shipping_address={}, billing_address={}, shipping_line={},
            payment_provider="test", placed_at=clock.now(),
        )  # fmt: skip
        order_id = session.execute(order.returning(Order.id)).scalar_one()
        line = {"order_id": order_id, "product_id": product_id, "title": "Chair", "quantity": 1}
        session.execute(insert(OrderLine).values(**line, unit_price=900, subtotal=900))

    with transaction(shop) as session:
        with pytest.raises(ProductInOrders, match="archive it"):
            delete_product(session, product_id)
        changed = set_status(session, [product_id], "archived")
    with transaction(other_shop) as session:
        elsewhere = set_status(session, [product_id], "active")

    assert (changed, elsewhere) == ([product_id], [])
    with transaction(shop, read_only=True) as session:
        assert session.get_one(Product, product_id).status == "archived"
