"""Which token may do what, in which shop, and how often."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.models import ApiToken
from souk.web.api import access
from souk.web.api.definition import admin_api
from tests.api.admin.apps import PREFIX, App
from tests.fixtures.stores import Store, read

LISTS = ["/products", "/collections", "/media", "/inventory", "/locations", "/orders", "/customers"]


@pytest.mark.parametrize("path", LISTS)
def test_another_shops_token_a_customers_and_none_are_401(store: Store, other_admin: App, path: str) -> None:
    answers = [
        store.call("GET", PREFIX + path, token=other_admin.token),
        store.call("GET", PREFIX + path, token=store.new_user()["token"]),
        store.call("GET", PREFIX + path),
    ]

    assert [(answer.status_code, read(answer)["code"]) for answer in answers] == [(401, "invalid_token")] * 3


def test_every_operation_asks_for_a_scope_and_refuses_a_token_without(store: Store) -> None:
    app = App(store, "read_nothing")

    for operation in admin_api.operations:
        path = operation.path.replace("{", "").replace("}", "")
        response = app.send(operation.method, path, {} if operation.has_body else None)
        problem = read(response)
        assert (response.status_code, problem["code"]) == (403, "missing_permission")
        assert problem["permission"] == operation.permission != ""


def test_writing_holds_reading_and_not_the_other_way(store: Store) -> None:
    writer, reader = App(store, "write_products"), App(store, "read_products")

    assert writer.get("/products")[0] == 200
    assert reader.get("/products")[0] == 200
    assert reader.post("/collections", {"title": "No"})[0] == 403


@pytest.mark.parametrize("field", ["revoked_at", "expires_at"])
def test_an_ended_token_is_401(store: Store, field: str) -> None:
    app = App(store, "*")
    with transaction(store.scope) as session:
        ended = update(ApiToken).where(ApiToken.id == app.token_id)
        session.execute(ended.values({field: clock.now() - timedelta(seconds=1)}))

    assert app.get("/products")[0] == 401


def test_its_use_is_noted_at_most_every_five_minutes(store: Store) -> None:
    app = App(store, "*")

    def used() -> object:
        with transaction(store.scope, read_only=True) as session:
            return session.execute(select(ApiToken.last_used_at).where(ApiToken.id == app.token_id)).scalar_one()

    app.get("/locations")
    first = used()
    app.get("/locations")
    second = used()
    with clock.frozen(clock.now() + timedelta(minutes=6)):
        app.get("/locations")

    assert first is not None
    assert first == second != used()


def test_a_token_that_asks_too_often_waits_and_another_does_not(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "CALLS_PER_MINUTE", 2)
    busy, calm = App(store, "*"), App(store, "*")

    statuses = [busy.get("/locations")[0] for _ in range(3)]
    refused = busy.send("GET", "/locations")

    assert statuses == [200, 200, 429]
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert calm.get("/locations")[0] == 200


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "after=x", "after=bm9uZQ", "after=%C3%A9", "colour=red", "page=1"]
)
def test_a_bad_page_is_422(admin: App, query: str) -> None:
    assert admin.get(f"/products?{query}")[0] == 422


def test_an_unknown_path_and_method_are_problems(admin: App) -> None:
    assert admin.send("GET", "/nothing").status_code == 404
    assert admin.send("PUT", "/products").headers["Allow"] == "GET, HEAD, POST"


def test_the_document_and_its_page_are_there(store: Store) -> None:
    document = read(store.call("GET", f"{PREFIX}/openapi.json"))
    page = store.call("GET", f"{PREFIX}/docs")

    assert document["openapi"] == "3.1.0"
    assert document["paths"]["/products/{product_id}"].keys() == {"get", "patch", "delete"}
    named = document["components"]["schemas"]["ProductChanges"]["properties"]
    assert all("default" not in described for described in named.values())
    assert "PATCH</span> <code>/api/v1/admin/products/{product_id}</code>" in page.get_data(as_text=True)
