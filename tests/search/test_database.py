"""The search that stands in for the engine finds the same products by exact words."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from souk.catalog.models import Category, Collection, CollectionProduct, Product
from souk.kernel.connections import admin_connection
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.search.database import _candidates, search_database, suggest_titles
from souk.search.documents import is_listed
from souk.search.engine import SearchQuery
from tests.fixtures.shops import make_shop
from tests.search.products import save


@pytest.fixture(scope="module")
def products(shop: TenantScope) -> dict[str, int]:
    with transaction(shop) as session:
        category = session.scalars(
            insert(Category).values(handle="cups", name="Cups", path=["Kitchen", "Cups"]).returning(Category.id)
        ).one()
        color = [{"name": "Color", "values": ["White", "Black"]}]
        ids = {
            "kettle": save(session, "Copper Kettle", vendor="Harbour", rating=Decimal("4.5"), available=True,
                           price_min=8900, price_max=9900, sku="KET-1"),
            "mug": save(session, "Stoneware Mug", description_html="<p>Fits the kettle</p>", category_id=category,
                        options=color, price_min=1400, price_max=1400),
            "pot": save(session, "Tea Pot 100%", vendor="Kettle", product_type="Pots", tags=["gift"]),
            "draft": save(session, "Secret Kettle", status="draft"),
        }  # fmt: skip
        collection = session.scalars(
            insert(Collection).values(handle="new", title="New").returning(Collection.id)
        ).one()
        session.execute(insert(CollectionProduct).values(collection_id=collection, product_id=ids["mug"]))
        return ids | {"collection": collection}


@pytest.fixture
def session(shop: TenantScope, products: dict[str, int]) -> Iterator[Session]:
    with transaction(shop, read_only=True) as opened:
        yield opened


def test_a_name_ranks_over_a_description_over_a_brand(session: Session, products: dict[str, int]) -> None:
    result = search_database(session, SearchQuery(text="kettle"))

    assert result.ids == (products["kettle"], products["mug"], products["pot"])
    assert result.total == 3


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"text": "KET-1"}, ["kettle"]), ({"text": "stone kettle"}, ["mug"]), ({"text": "cups"}, ["mug"]),
        ({"text": "Gift"}, ["pot"]), ({"text": "%"}, ["pot"]), ({"text": "it's \\ 'x'"}, []), ({"text": "kett"}, None),
        ({"text": "KET-1 copper"}, ["kettle"]), ({"text": "te pot"}, ["pot"]), ({"text": "eapot"}, []),
        ({"text": "100%"}, ["pot"]), ({"text": "100_"}, []), ({"text": "\0"}, None),
        ({"category": "cups"}, ["mug"]), ({"category": "Kitchen > Cups"}, ["mug"]), ({"category": "Pots"}, ["pot"]),
        ({"category": "Cu\0"}, []), ({"brands": ("harbour",)}, ["kettle"]), ({"in_stock": True}, ["kettle"]),
        ({"rating_min": 45}, ["kettle"]), ({"price_from": 10**30}, []),
        ({"price_from": 1400, "price_to": 1400}, ["mug"]),
        ({"options": {"Color": ("Black", "Red")}}, ["mug"]), ({"options": {"Color": ("Red",)}}, []),
    ],
)  # fmt: skip
def test_words_and_filters_narrow(
    session: Session, products: dict[str, int], query: dict[str, Any], names: list[str] | None
) -> None:
    expected = {products[name] for name in (["kettle", "mug", "pot"] if names is None else names)}

    result = search_database(session, SearchQuery(**query))

    assert (set(result.ids), result.total) == (expected, len(expected))


def test_a_collection_and_pages_cut(session: Session, products: dict[str, int]) -> None:
    members = search_database(session, SearchQuery(collection_id=products["collection"]))
    second = search_database(session, SearchQuery(sort="price-descending", limit=1, page=2))

    assert members.ids == (products["mug"],)
    assert (second.ids, second.total) == ((products["mug"],), 3)
    assert search_database(session, SearchQuery(page=10**30)).ids == ()


def test_titles_complete_what_is_typed(session: Session) -> None:
    assert suggest_titles(session, "ke", 5) == ("Copper Kettle",)
    assert suggest_titles(session, "copper k", 5) == ("Copper Kettle",)
    assert suggest_titles(session, "%", 5) == ()
    assert suggest_titles(session, " ", 5) == ()


def test_words_are_looked_up_by_their_indexes(platform: None) -> None:
    many = "SELECT 'thing-' || n, 'Thing ' || n, 'active', timestamptz '2025-01-01' FROM generate_series(1, 3000) n"
    query = select(Product.id).where(is_listed(), *_candidates(["copper", "kettle"]))

    scope = make_shop()
    with transaction(scope) as session:
        session.execute(text(f"INSERT INTO products (handle, title, status, published_at) {many}"))
    with admin_connection(scope.pod) as connection:
        connection.execute(f"ANALYZE {scope.schema}.products")
    with transaction(scope) as session:
        compiled = query.compile(session.connection())
        lines = session.connection().exec_driver_sql(f"EXPLAIN (COSTS off) {compiled}", dict(compiled.params))
        plan = "\n".join(lines.scalars())

    names = ("words", "tags", "category_id")
    assert [name for name in names if f"Bitmap Index Scan on ix_products_{name}" not in plan] == []
    assert "Seq Scan on products" not in plan


def test_another_shop_sees_nothing(products: dict[str, int], other_shop: TenantScope) -> None:
    with transaction(other_shop, read_only=True) as session:
        result = search_database(session, SearchQuery(text="kettle"))
        titles = suggest_titles(session, "ke", 5)

    assert (result.ids, result.total, titles) == ((), 0, ())
