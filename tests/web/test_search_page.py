"""The search page and its suggestions, as a shopper without JavaScript and one who types meet them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select, update

from souk.catalog.models import Collection
from souk.content.models import Page
from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.events import Event
from souk.kernel.tenancy import TenantScope
from souk.search.counts import Count, add_counts
from souk.search.index import rebuild_index
from souk.search.models import SearchCount
from souk.search.rules import RuleDraft, save_rule
from souk.search.save_settings import save_search_settings
from souk.search.settings import FacetChoice, SearchSettings
from souk.web.page_cache.fragments import EXTENSION
from souk.web.page_cache.memory import Memory
from souk.web.page_cache.purge import keys_of, purge
from souk.web.search_counts import COUNTER
from souk.web.searching import engine, forget_policy
from tests.fixtures.shops import make_shop
from tests.fixtures.watching import sent_statements, wait_for
from tests.search.products import save
from tests.web.conftest import ClientFor

PUBLISHED = datetime(2025, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def scope(platform: None) -> TenantScope:
    made = make_shop()
    with transaction(made) as session:
        color = {"name": "Color", "values": ["Red"]}
        save(session, "Red Kettle", vendor="Harbour", sku="KET-1", options=[color], available=True)
        save(session, "Blue Kettle", vendor="Clay", options=[color | {"values": ["Blue"]}])
        save(session, "Kettle Stand", vendor="Clay", available=True)
        save(session, "Oak Bench", vendor="Grove", available=True)
        session.execute(insert(Collection).values(handle="k", title="Kettles and pots", published_at=PUBLISHED))
        session.execute(insert(Collection).values(handle="d", title="Kettle drafts"))
        session.execute(insert(Page).values(handle="care", title="Care of a kettle", published_at=PUBLISHED))
    rebuild_index(engine(), made)
    return made


@pytest.fixture
def client(scope: TenantScope, client_for: ClientFor) -> Iterator[FlaskClient]:
    forget_policy(scope)
    yield client_for(scope)
    forget_policy(scope)


def titles(html: str) -> list[str]:
    return [part.split("</a>")[0].rpartition(">")[2] for part in html.split('class="card__title"')[1:]]


def test_facets_stay_open_and_the_address_says_everything(client: FlaskClient) -> None:
    html = client.get("/search?q=kettle&filter.option.Color=Red").text

    assert titles(html) == ["Red Kettle"]
    assert 'value="Red" checked' in html
    assert 'value="Blue"' in html


def test_the_shop_chooses_its_facets_and_their_names(client: FlaskClient, scope: TenantScope) -> None:
    with transaction(scope) as session:
        save_search_settings(session, SearchSettings(facets=(FacetChoice("brand", "Made by"),)))
    forget_policy(scope)

    html = client.get("/search?q=kettle").text

    with transaction(scope) as session:
        save_search_settings(session, SearchSettings())
    assert "Made by" in html
    assert 'data-facet="filter.brand"' in html
    assert 'data-facet="filter.option.Color"' not in html


def test_nothing_found_offers_something_else(client: FlaskClient) -> None:
    html = client.get("/search?q=xyzzyplugh").text

    assert "data-alternatives" in html
    assert sorted(titles(html)) == ["Kettle Stand", "Oak Bench", "Red Kettle"]


def test_a_misspelt_query_says_what_was_meant(client: FlaskClient) -> None:
    html = client.get("/search?q=ketle").text

    assert "/search?q=kettle" in html
    assert "Red Kettle" in titles(html)


def test_a_rule_pins_and_leads_elsewhere(client: FlaskClient, scope: TenantScope) -> None:
    before = titles(client.get("/search?q=kettle").text)
    with transaction(scope) as session:
        bench = save(session, "Iron Trivet")
    rebuild_index(engine(), scope)
    with transaction(scope) as session:
        save_rule(session, RuleDraft("kettle", pinned=(bench,)))
        save_rule(session, RuleDraft("returns", redirect="/pages/care"))
    forget_policy(scope)

    after = titles(client.get("/search?q=Kettle").text)
    moved = client.get("/search?q=returns")

    assert after == ["Iron Trivet", *before]
    assert (moved.status_code, moved.headers["Location"]) == (302, "/pages/care")


@pytest.mark.parametrize("typed", ["kett", "Red ke", "KET-1", "ketle"])
def test_typing_suggests_products(client: FlaskClient, typed: str) -> None:
    found = client.get("/search/suggest", query_string={"q": typed}).json

    assert found is not None
    assert "Red Kettle" in [product["title"] for product in found["products"]]


def test_typing_suggests_collections_pages_and_what_others_asked(client: FlaskClient, scope: TenantScope) -> None:
    with transaction(scope) as session:
        add_counts(session, {(clock.now().date(), "kettle for two"): Count(searches=5)})

    found = client.get("/search/suggest?q=kettle").json

    assert found is not None
    assert found["collections"] == [{"title": "Kettles and pots", "url": "/collections/k"}]
    assert found["pages"] == [{"title": "Care of a kettle", "url": "/pages/care"}]
    assert found["queries"][0] == {"text": "kettle for two", "url": "/search?q=kettle+for+two"}


def test_what_many_type_is_kept_until_it_changes(app: Flask, client: FlaskClient, scope: TenantScope) -> None:
    typed: Memory = app.extensions[EXTENSION].typed
    client.get("/search/suggest?q=kettl")
    assert wait_for(lambda: typed.heard)
    first = client.get("/search/suggest?q=kettl").json

    with sent_statements(scope) as again:
        second = client.get("/search/suggest?q=kettl").json
    with transaction(scope) as session:
        session.execute(update(Collection).where(Collection.handle == "k").values(title="Kettles only"))
    purge(scope, keys_of(Event("collection.updated", 1)))

    assert first == second
    assert not [each for each in again if "collections.title" in each or "products.title" in each]
    assert wait_for(lambda: "Kettles only" in client.get("/search/suggest?q=kettl").text)
    with transaction(scope) as session:
        session.execute(update(Collection).where(Collection.handle == "k").values(title="Kettles and pots"))


def test_another_shop_suggests_nothing_of_this_one(client: FlaskClient, client_for: ClientFor) -> None:
    stranger = make_shop()
    rebuild_index(engine(), stranger)

    assert client_for(stranger).get("/search/suggest?q=kettle").json == {
        "products": [], "collections": [], "pages": [], "queries": [],
    }  # fmt: skip


def test_searches_and_clicks_are_counted_without_their_people(client: FlaskClient, scope: TenantScope) -> None:
    COUNTER.write()
    client.get("/search?q=Teapot")
    client.get("/search?q=teapot&filter.brand=Clay")
    client.get("/search?q=ada@example.com")
    clicked = client.post("/search/clicks", data={"q": "teapot"})
    foreign = client.post("/search/clicks", data={"q": "teapot"}, headers={"Origin": "https://evil.example"})
    COUNTER.write()

    with transaction(scope, read_only=True) as session:
        columns = (SearchCount.terms, SearchCount.searches, SearchCount.without_results, SearchCount.clicks)
        rows = session.execute(select(*columns).where(SearchCount.terms.in_(["teapot", "ada example com"]))).all()
    assert (clicked.status_code, foreign.status_code) == (204, 403)
    assert [tuple(row) for row in rows] == [("teapot", 1, 1, 1)]
