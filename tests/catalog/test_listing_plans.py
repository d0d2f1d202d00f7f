"""Every order of a listing is that of an index: a page of a shop of any size sorts nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text

from souk.catalog.filters import visible
from souk.catalog.listing import _ORDERS
from souk.catalog.models import Product
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope

INDEXES = {
    "price-ascending": "Index Scan using ix_products_price",
    "price-descending": "Index Scan Backward using ix_products_price",
    "title-ascending": "Index Scan using ix_products_title",
    "created-descending": "Index Scan Backward using ix_products_listing",
    "rating": "Index Scan Backward using ix_products_rating",
    "best-selling": "Index Scan Backward using ix_products_units_sold",
}


@pytest.mark.parametrize("sort", INDEXES)
def test_a_page_of_an_order_is_read_off_its_index(shop: TenantScope, sort: str) -> None:
    query = select(Product.handle).where(visible()).order_by(*_ORDERS[sort]).limit(24)

    with transaction(shop) as session:
        compiled = query.compile(session.connection())
        # A shop of a few rows is read whole; what is asked is which way there is in a large one.
        session.execute(text("SET LOCAL enable_seqscan = off"))
        session.execute(text("SET LOCAL enable_bitmapscan = off"))
        lines = session.connection().exec_driver_sql(f"EXPLAIN (COSTS off) {compiled}", dict(compiled.params))
        plan = "\n".join(lines.scalars())

    assert INDEXES[sort] in plan
    assert "Sort" not in plan
