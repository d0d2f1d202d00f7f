"""Code serves a shop that waits for its migration: search passes over what is not there, nothing answers 500."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from souk.kernel.config import config
from souk.kernel.connections import admin_connection
from souk.kernel.db import SchemaBehind, read_at_any_version, transaction
from souk.kernel.tenancy import TenantScope
from souk.search.index import rebuild_index
from souk.search.policy import read_policy, read_policy_without_rules
from souk.search_engines.configured import engine_from
from souk.web import searching
from tests.api.admin.apps import App
from tests.fixtures.apps import app, other_store, store
from tests.fixtures.stores import Store

__all__ = ["app", "other_store", "store"]
# What revision 0002 brought.
TABLES = ("search_counts", "search_rule_products", "search_rules", "search_runs", "search_tests")


@pytest.fixture
def behind(store: Store) -> Iterator[Store]:
    """The first store as it was before the tables of search: hidden and not dropped, so that the next test has them."""
    schema = store.scope.schema
    with admin_connection("default") as owner:
        for name in TABLES:
            owner.execute(f"ALTER TABLE {schema}.{name} RENAME TO {name}_later".encode())
    searching.forget_policy(store.scope)
    yield store
    with admin_connection("default") as owner:
        for name in TABLES:
            owner.execute(f"ALTER TABLE {schema}.{name}_later RENAME TO {name}".encode())
    searching.forget_policy(store.scope)


def test_shoppers_search_a_shop_that_is_behind(behind: Store) -> None:
    built = rebuild_index(engine_from(config()), behind.scope)

    answers = {
        path: behind.call("GET", path)
        for path in ("/search?q=bowl", "/search/suggest?q=bo", "/api/v1/products/search?q=bowl", "/")
    }

    assert built > 0
    assert {path: answer.status_code for path, answer in answers.items()} == dict.fromkeys(answers, 200)
    assert answers["/api/v1/products/search?q=bowl"].get_json()["products"][0]["name"] == "Oak Bowl"
    assert answers["/search/suggest?q=bo"].get_json()["products"][0]["title"] == "Oak Bowl"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/search/rules", None),
        ("GET", "/search/queries", None),
        ("GET", "/search/runs", None),
        ("POST", "/search/tests/run", {}),
        ("POST", "/search/rules", {"terms": "mug", "redirect": "/collections/sale"}),
    ],
)
def test_what_needs_the_new_tables_says_when_to_come_back(
    behind: Store, method: str, path: str, body: dict[str, str] | None
) -> None:
    answer = App(behind, "*").send(method, path, body)

    assert (answer.status_code, answer.get_json()["code"]) == (503, "shop_being_updated")
    assert answer.headers["Retry-After"] == "60"


def test_a_shop_that_is_up_to_date_does_not_notice(behind: Store, other_store: Store) -> None:
    assert App(other_store, "*").get("/search/rules") == (200, {"rules": [], "next_cursor": None})


def test_a_missing_column_is_told_apart_from_a_mistake(shop: TenantScope) -> None:
    with admin_connection("default") as owner:
        owner.execute(f"ALTER TABLE {shop.schema}.search_rules RENAME COLUMN redirect TO redirect_later".encode())
    try:
        with pytest.raises(SchemaBehind), transaction(shop, read_only=True) as session:
            read_policy(session)
        assert read_at_any_version(shop, read_policy, read_policy_without_rules).rules == {}
    finally:
        with admin_connection("default") as owner:
            owner.execute(f"ALTER TABLE {shop.schema}.search_rules RENAME COLUMN redirect_later TO redirect".encode())
    assert read_at_any_version(shop, read_policy, lambda _session: None) is not None
