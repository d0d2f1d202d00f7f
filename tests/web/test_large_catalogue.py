"""A shop of 19,406 real products asks its database no more often than a small one, whatever page is drawn."""

from __future__ import annotations

import gzip

import pytest
from sqlalchemy import select

from souk.catalog.collections import save_collection
from souk.catalog.drafts import CollectionDraft, ProductDraft, VariantDraft
from souk.catalog.models import Product
from souk.catalog.save_product import save_product
from souk.kernel.connections import admin_connection
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.search.find import DEGRADED
from souk.search.index import rebuild_index
from souk.web.searching import engine
from souk.web.storefront import finding
from tests.catalog.importing.test_run import ICECAT
from tests.factories.imports import import_bytes
from tests.fixtures.shops import make_shop
from tests.web.conftest import ClientFor
from tests.web.test_storefront import ask_twice, counted

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not ICECAT.exists(), reason="the large catalogue is not on this machine"),
]
PAGES = [
    ("/", 10), ("/collections", 10), ("/collections/hp", 10), ("/collections/all", 10),
    ("/collections/all?page=600&sort_by=title-ascending", 10), ("/collections/all?sort_by=best-selling", 10),
    ("/collections/all?sort_by=price-descending&filter.price.min=100", 10),
    ("/collections/hp?filter.available=1&sort_by=price-ascending&page=2", 10), ("/search?q=printer", 10),
    ("/search?q=laptop&filter.brand=HP&sort_by=price-ascending", 10), ("/products/{handle}", 10),
]  # fmt: skip


def sell(scope: TenantScope) -> TenantScope:
    with transaction(scope) as session:
        ids = list(session.scalars(select(Product.id).where(Product.vendor == "HP").order_by(Product.id)))
        save_collection(session, CollectionDraft("HP", handle="hp", product_ids=tuple(ids)))
    rebuild_index(engine(), scope)
    return scope


@pytest.fixture(scope="module")
def large(platform: None) -> TenantScope:
    scope = make_shop()
    import_bytes(scope, gzip.decompress(ICECAT.read_bytes()))
    sell(scope)
    with admin_connection(scope.pod) as connection:
        # What the server does by itself a minute after an import.
        connection.execute(f"ANALYZE {scope.schema}.products, {scope.schema}.collection_products")
    return scope


@pytest.fixture(scope="module")
def small(platform: None) -> TenantScope:
    scope = make_shop()
    with transaction(scope) as session:
        for n in range(60):
            variants = (VariantDraft(20_000 + n, inventory_tracked=False),)
            save_product(session, ProductDraft(f"HP laptop printer {n}", variants, vendor="HP"))
    return sell(scope)


def handle_in(scope: TenantScope) -> str:
    with transaction(scope, read_only=True) as session:
        return session.execute(select(Product.handle).where(Product.vendor == "HP").limit(1)).scalar_one()


@pytest.mark.parametrize(("path", "most"), PAGES)
def test_a_page_keeps_within_the_same_budget(
    client_for: ClientFor, large: TenantScope, small: TenantScope, path: str, most: int
) -> None:
    for scope in (small, large):
        client, address = client_for(scope), path.format(handle=handle_in(scope))
        ask_twice(client, address)

        with counted() as statements:
            answer = client.get(f"{address}{'&' if '?' in address else '?'}uncached=1")

        beyond = scope is small and "page=600" in path
        assert answer.status_code == (404 if beyond else 200)
        assert "HP" in answer.text or "page=600" in path
        assert len(statements) <= most, "\n".join(line[:150].replace("\n", " ") for line in statements)


def test_the_plain_search_finds_the_same_product_while_the_engine_is_away(
    client_for: ClientFor, large: TenantScope, small: TenantScope, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction(large, read_only=True) as session:
        title = session.execute(select(Product.title).where(Product.vendor == "HP").limit(1)).scalar_one()
    monkeypatch.setattr(finding, "ask", lambda *_: None)

    with counted() as statements:
        answer = client_for(large).get("/search", query_string={"q": title})
    theirs = client_for(small).get("/search", query_string={"q": title})

    assert answer.status_code == 200
    assert DEGRADED in answer.text
    assert f"/products/{handle_in(large)}" in answer.text
    assert f"/products/{handle_in(large)}" not in theirs.text
    assert len(statements) <= 10
