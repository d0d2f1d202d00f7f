from __future__ import annotations

from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from souk.catalog.models import Product
from souk.kernel.db import transaction
from souk.search.index import rebuild_index
from souk.web.searching import engine
from tests.fixtures.stores import Store, make_store, read


def product_id(store: Store, title: str) -> str:
    with transaction(store.scope, read_only=True) as session:
        number = session.execute(select(Product.id).where(Product.title == title)).scalar_one()
    return f"prod_{number}"


def test_search_answers_exactly_this_shape(store: Store) -> None:
    answer = read(store.call("GET", "/api/v1/products/search?q=bowl"))

    assert sorted(answer) == ["facets", "limit", "page", "products", "total"]
    assert (answer["total"], answer["page"], answer["limit"]) == (1, 1, 24)
    assert answer["products"] == [
        {
            "id": product_id(store, "Oak Bowl"),
            "name": "Oak Bowl",
            "price": Decimal("19.99"),
            "currency": "USD",
            "rating": Decimal("0.00"),
            "image_url": None,
            "in_stock": True,
            "handle": "oak-bowl",
        }
    ]


def test_search_filters_by_price_in_major_units(store: Store) -> None:
    answer = read(store.call("GET", "/api/v1/products/search?price_min=20&price_max=25.00&sort=price_asc"))

    assert [product["name"] for product in answer["products"]] == ["Linen Shirt"]


@pytest.mark.parametrize(
    ("options", "found"), [("Size:S|Size:XL", ["Linen Shirt"]), ("Size:XL", []), ("Size:S|Color:Red", [])]
)
def test_search_filters_by_the_values_of_its_option_facets(store: Store, options: str, found: list[str]) -> None:
    answer = read(store.call("GET", f"/api/v1/products/search?options={options}"))

    assert [product["name"] for product in answer["products"]] == found


def test_search_sees_nothing_of_another_shop(store: Store, other_store: Store) -> None:
    with transaction(other_store.scope) as session:
        session.execute(Product.__table__.update().values(status="draft"))  # type: ignore[attr-defined]

    answer = read(other_store.call("GET", "/api/v1/products/search"))

    assert (answer["total"], answer["products"]) == (0, [])


def test_product_answers_exactly_this_shape(store: Store) -> None:
    shirt = product_id(store, "Linen Shirt")

    answer = read(store.call("GET", f"/api/v1/products/{shirt}"))

    small, medium = store.variants["Linen Shirt"]
    assert sorted(answer) == [
        "brand",
        "category",
        "currency",
        "description",
        "id",
        "images",
        "in_stock",
        "name",
        "price",
        "related_products",
        "reviews",
        "specifications",
        "variants",
    ]
    assert (answer["id"], answer["price"], answer["currency"]) == (shirt, Decimal("25.00"), "USD")
    assert [(one["id"], one["price"], one["options"], one["in_stock"]) for one in answer["variants"]] == [
        (f"variant_{small}", Decimal("25.00"), {"Size": "S"}, True),
        (f"variant_{medium}", Decimal("27.50"), {"Size": "M"}, True),
    ]


@pytest.mark.parametrize("name", ["prod_999999", "prod_0", "variant_1", "nonsense", "prod_99999999999999999999"])
def test_an_unknown_product_is_404(store: Store, name: str) -> None:
    response = store.call("GET", f"/api/v1/products/{name}")

    assert (response.status_code, response.content_type) == (404, "application/problem+json")


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=101",
        "limit=x",
        "page=0",
        "colour=red",
        "price_min=-1",
        "price_min=NaN",
        "in_stock=maybe",
        "rating_min=6",
        "q=%00",
        "q=4111111111111111",
        "sort=random",
        "options=Red",
        "limit=1&limit=2",
        "page=99999999999999999999999",
    ],
)
def test_a_bad_search_is_422(store: Store, query: str) -> None:
    response = store.call("GET", f"/api/v1/products/search?{query}")

    assert (response.status_code, response.content_type) == (422, "application/problem+json")


def test_a_review_waits_until_its_author_has_bought(store: Store) -> None:
    bowl, token = product_id(store, "Oak Bowl"), store.new_user()["token"]

    first = store.call("POST", f"/api/v1/products/{bowl}/reviews", {"rating": 5, "title": "Fine"}, token=token)
    second = store.call("POST", f"/api/v1/products/{bowl}/reviews", {"rating": 1}, token=token)

    assert (first.status_code, read(first)["status"]) == (201, "pending")
    assert (second.status_code, read(second)["code"]) == (409, "already_reviewed")
    assert read(store.call("GET", f"/api/v1/products/{bowl}/reviews"))["reviews"] == []


def test_facets_count_what_the_engine_found(app: Flask) -> None:
    store = make_store(app)
    rebuild_index(engine(), store.scope)

    answer = read(store.call("GET", "/api/v1/products/search?sort=price_asc"))

    assert [product["name"] for product in answer["products"]] == ["Oak Bowl", "Linen Shirt"]
    facets = answer["facets"]
    assert facets["price"] == {"min": Decimal("19.99"), "max": Decimal("25.00")}
    assert sorted((one["value"], one["count"]) for one in facets["brand"]) == [("Flax", 1), ("Grove", 1)]
    assert {name: len(values) for name, values in facets["options"].items()} == {"Size": 2}
