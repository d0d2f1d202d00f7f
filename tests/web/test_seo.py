"""What search engines and link previews are told, and with which status."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import update

from souk.catalog.collections import save_collection
from souk.catalog.drafts import CollectionDraft, ProductDraft, VariantDraft
from souk.catalog.models import Product
from souk.catalog.save_product import save_product
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from tests.fixtures.shops import make_shop
from tests.web.conftest import ClientFor
from themes.add_builtin import add_builtin
from themes.publishing import publish_theme
from themes.work import read_theme, save_work


@pytest.fixture(scope="module")
def found(platform: None) -> TenantScope:
    scope = make_shop()
    with transaction(scope) as session:
        sizes = tuple(VariantDraft(1000 * n, (str(n),), inventory_tracked=False) for n in (1, 2))
        text = '<p>Blue "&" white.</p>'
        one = save_product(session, ProductDraft("Mug", sizes, description_html=text, vendor="Alba", options=("Size",)))
        archived = save_product(session, ProductDraft("Past", (VariantDraft(5),)))
        many = [save_product(session, ProductDraft(f"Item {n}", (VariantDraft(100),))) for n in range(30)]
        save_collection(session, CollectionDraft("Cups", product_ids=(one, *many)))
        session.execute(update(Product).where(Product.id == archived).values(status="archived"))
        session.execute(update(Product).where(Product.id == one).values(rating=4.5, rating_count=2))
    return scope


def graph(page: str) -> dict[str, Any]:
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    return {thing["@type"]: thing for thing in json.loads(text)["@graph"]}


def test_the_organisation_has_the_logo_of_the_theme(client_for: ClientFor) -> None:
    scope = make_shop()
    with transaction(scope) as session:
        theme_id = add_builtin(session, "ledger", actor="operator")
        found = read_theme(session, theme_id)
        key = f"t{scope.tenant_id}/{'a' * 32}"
        save_work(session, theme_id, replace(found.work, settings={"logo": key}), expected=found.version, actor="")
        publish_theme(session, theme_id)

    shop = graph(client_for(scope).get("/").text)["Organization"]

    assert shop["logo"] == f"{shop['url']}/media/{key}/1066.jpg"


def test_a_product_tells_price_rating_and_way(client_for: ClientFor, found: TenantScope) -> None:
    page = client_for(found).get("/products/mug").text

    things = graph(page)
    offer = things["Product"]["offers"]
    assert things["Product"]["name"] == "Mug"
    assert things["Product"]["description"] == 'Blue "&" white.'
    assert things["Product"]["brand"] == {"@type": "Brand", "name": "Alba"}
    assert (offer["@type"], offer["lowPrice"], offer["highPrice"]) == ("AggregateOffer", "10.00", "20.00")
    assert offer["availability"] == "https://schema.org/InStock"
    assert things["Product"]["aggregateRating"]["reviewCount"] == 2
    assert [step["name"] for step in things["BreadcrumbList"]["itemListElement"]] == ["Home", "Mug"]
    assert things["Organization"]["url"].startswith("http")
    assert 'property="og:type" content="product"' in page
    assert 'property="og:title" content="Mug"' in page


@pytest.mark.parametrize(
    ("path", "canonical", "indexed"),
    [
        ("/collections/cups", "/collections/cups", True),
        ("/collections/cups?page=2", "/collections/cups?page=2", True),
        ("/collections/cups?page=1&sort_by=title-ascending", "/collections/cups", True),
        ("/collections/cups?filter.brand=Alba", "/collections/cups", False),
        ("/products/mug?variant=1&utm_source=x", "/products/mug", True),
    ],
)
def test_each_thing_has_one_address(
    client_for: ClientFor, found: TenantScope, path: str, canonical: str, indexed: object
) -> None:
    page = client_for(found).get(path).text

    (named,) = re.findall(r'rel="canonical" href="[^"]*?//[^/"]+([^"]*)"', page)
    assert named == canonical
    assert ('name="robots" content="noindex' not in page) is indexed


@pytest.mark.parametrize(
    ("path", "status"),
    [("/products/past", 410), ("/products/never", 404), ("/products/mug", 200), ("/sitemaps/products-9.xml", 404)],
)
def test_what_is_gone_differs_from_what_never_was(
    client_for: ClientFor, found: TenantScope, path: str, status: int
) -> None:
    answer = client_for(found).get(path, headers={"Accept": "text/html"})

    assert answer.status_code == status
    if status in {404, 410}:
        assert 'class="not-found' in answer.text


def test_behind_the_last_page_is_nothing_and_a_slash_too_many_leads_on(
    client_for: ClientFor, found: TenantScope
) -> None:
    client = client_for(found)

    answers = {path: client.get(path) for path in ("/collections/all?page=9", "/search?q=a&page=9", "/blog?page=2")}
    slashed = client.get("/collections/all/?sort_by=x")
    elsewhere = client.get("//evil.example/")

    assert {path: answer.status_code for path, answer in answers.items()} == dict.fromkeys(answers, 404)
    assert (slashed.status_code, slashed.location) == (301, "/collections/all?sort_by=x")
    assert not (elsewhere.location or "").startswith("//")
    assert 'rel="canonical"' not in client.get("/nothing").text


def test_the_sitemap_is_an_index_of_parts(client_for: ClientFor, found: TenantScope, other_shop: TenantScope) -> None:
    client = client_for(found)

    index = client.get("/sitemap.xml").text
    parts = re.findall(r"<loc>[^<]*?(/sitemaps/[^<]+)</loc>", index)
    products = client.get("/sitemaps/products-1.xml").text

    assert parts == ["/sitemaps/home-1.xml", "/sitemaps/collections-1.xml", "/sitemaps/products-1.xml"]
    assert products.count("<url>") == 31
    assert "/products/mug</loc><lastmod>2" in products
    assert "/products/past" not in products
    assert "/products/mug" not in client_for(other_shop).get("/sitemap.xml").text
    assert client_for(other_shop).get("/sitemaps/products-1.xml").status_code == 404
