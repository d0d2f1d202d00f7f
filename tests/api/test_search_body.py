"""The hand-written page is the page that the schema promises, at a fixed number of statements."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from flask import Flask, g
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from souk.catalog.models import Variant
from souk.kernel.db import transaction
from souk.kernel.money import Money
from souk.search.engine import Facet, FacetValue
from souk.search.find import Found
from souk.search.index import rebuild_index
from souk.web.api.encoding import encode
from souk.web.api.schemas.products import SearchPage, SearchParameters
from souk.web.api.shop.search_body import major, page_text
from souk.web.page_cache.fragments import EXTENSION
from souk.web.page_cache.keeper import Keeper
from souk.web.page_cache.memory import Memory
from souk.web.page_cache.product_rows import ProductRows
from souk.web.page_cache.purge import purge
from souk.web.searching import engine
from tenants.resolve import resolve_host
from tests.fixtures.stores import Store, read
from tests.fixtures.watching import sent_statements, wait_for

FACETS = (
    Facet("category", (FacetValue('Kitchen > "Cups"', 2),)),
    Facet("brand", (FacetValue("Café", 1),)),
    Facet("in_stock", (FacetValue("true", 2),)),
    Facet("rating", (FacetValue("40", 1), FacetValue("10", 2))),
    Facet("price", (FacetValue("900", 0), FacetValue("123456", 0))),
    Facet("option.Size\\", (FacetValue("M", 1),)),
)
ROWS = (
    (7, 'Mug "tall" \u2028 ☕', 1999, Decimal("4.50"), True, "mug-tall", "a/b.jpg"),
    (8, "Bowl", 5, Decimal(0), False, "bowl", None),
)


@pytest.mark.parametrize("found", [Found((7, 8), 41, FACETS), Found((), 0)])
def test_the_text_is_what_the_models_would_write(app: Flask, store: Store, found: Found) -> None:
    rows = ROWS if found.ids else ()
    with app.test_request_context(base_url=f"http://{store.host}"):
        g.shop = resolve_host(store.host)
        text = page_text(found, rows, SearchParameters(q="mug", page=2, limit=3), "USD")

    answer = json.loads(text, parse_float=Decimal)

    assert encode(SearchPage.model_validate(answer).model_dump(by_alias=True)) == text
    assert (answer["total"], answer["page"], answer["limit"]) == (found.total, 2, 3)
    if rows:
        media = f"http://{store.host}:"
        assert [one["price"] for one in answer["products"]] == [Decimal("19.99"), Decimal("0.05")]
        assert answer["products"][0]["image_url"].startswith((media, f"http://{store.host}/media/a/b.jpg/"))
        assert answer["facets"]["price"] == {"min": Decimal("9.00"), "max": Decimal("1234.56")}
        assert answer["facets"]["rating"] == [{"value": "4", "count": 1}, {"value": "1", "count": 2}]


@given(amount=st.integers(-(10**12), 10**12), currency=st.sampled_from([("USD", 2), ("JPY", 0), ("KWD", 3)]))
def test_amounts_are_exact(amount: int, currency: tuple[str, int]) -> None:
    assert major(amount, currency[1]) == format(Money(amount, currency[0]).major, "f")


def searched(store: Store) -> int:
    """Search and return how many statements read products."""
    with sent_statements(store.scope) as statements:
        answer = read(store.call("GET", "/api/v1/products/search?q=bowl"))
    assert answer["products"][0]["name"] == "Oak Bowl"
    # Host and policy are read once a second; between two searches of a test that second may end.
    assert len(statements) <= 4
    return sum("products.title" in each for each in statements)


def test_a_search_with_facets_reads_its_products_in_one_statement_and_then_knows_them(app: Flask, store: Store) -> None:
    rebuild_index(engine(), store.scope)
    rows: Memory = app.extensions[EXTENSION].rows

    assert searched(store) == 1
    assert wait_for(lambda: rows.heard)
    rows.clear()
    assert [searched(store) for _ in range(3)] == [1, 0, 0]

    kept = ProductRows(Keeper(rows, store.scope.tenant_id))
    product = int(read(store.call("GET", "/api/v1/products/search?q=bowl"))["products"][0]["id"].split("_")[1])
    assert set(kept.known([product])) == {product}
    purge(store.scope, [f"product-{product}"])
    assert wait_for(lambda: not kept.known([product]))
    assert searched(store) == 1


def test_a_barcode_that_passes_the_check_of_card_numbers_can_be_searched(store: Store) -> None:
    with transaction(store.scope) as session:
        bowl = store.variants["Oak Bowl"][0]
        session.execute(update(Variant).where(Variant.id == bowl).values(barcode="5051964626442"))
    rebuild_index(engine(), store.scope)

    answer = read(store.call("GET", "/api/v1/products/search?q=5051964626442"))

    assert [product["name"] for product in answer["products"]] == ["Oak Bowl"]
