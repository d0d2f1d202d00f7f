from __future__ import annotations

from sqlalchemy import insert

from souk.kernel.db import transaction
from souk.kernel.models import ApiToken
from souk.kernel.tokens import hash_token, new_token
from tests.fixtures.stores import Store, read

PREFIX = "/admin/api/2026-10"


def app_token(store: Store, *scopes: str) -> str:
    token = new_token("souk_")
    with transaction(store.scope) as session:
        session.execute(insert(ApiToken).values(name="app", token_hash=hash_token(token), scopes=list(scopes)))
    return token


def test_products_are_listed_newest_first(store: Store) -> None:
    answer = read(store.call("GET", f"{PREFIX}/products?limit=1", token=app_token(store, "read_products")))

    assert (answer["total"], answer["limit"]) == (2, 1)
    assert [product["title"] for product in answer["products"]] == ["Linen Shirt"]


def test_a_token_without_the_scope_is_403(store: Store) -> None:
    response = store.call("GET", f"{PREFIX}/orders", token=app_token(store, "read_products"))

    assert (response.status_code, read(response)["code"]) == (403, "missing_permission")


def test_another_shops_token_and_a_customers_are_401(store: Store, other_store: Store) -> None:
    token = app_token(store, "*")

    answers = [
        other_store.call("GET", f"{PREFIX}/products", token=token),
        store.call("GET", f"{PREFIX}/products", token=store.new_user()["token"]),
        store.call("GET", f"{PREFIX}/products"),
    ]

    assert [answer.status_code for answer in answers] == [401, 401, 401]


def test_an_unknown_version_is_404(store: Store) -> None:
    response = store.call("GET", "/admin/api/1999-01/products", token=app_token(store, "*"))

    assert response.status_code == 404
