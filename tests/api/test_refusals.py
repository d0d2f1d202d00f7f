"""What no request may hold: refused with 4xx, nothing changed, nothing logged."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.api.test_orders import order_of
from tests.fixtures.stores import ADDRESS, Store, read


def changed(store: Store, **values: Any) -> bytes:
    return json.dumps(order_of(store) | values).encode()


def item(store: Store, **values: Any) -> list[dict[str, Any]]:
    return [order_of(store)["items"][0] | values]


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"[]", b'"text"', b"{\xff}", b'{"a": NaN}', b"[" * 100_000, b'{"a": ' + b"9" * 5000 + b"}"]
)
def test_broken_json_is_400(store: Store, raw: bytes) -> None:
    token, before = store.new_user()["token"], store.orders()

    response = store.call("POST", "/api/v1/orders", token=token, raw=raw)

    assert (response.status_code, read(response)["code"]) == (400, "broken_json")
    assert store.orders() == before


@pytest.mark.parametrize(
    "name",
    [
        "unknown",
        "string_quantity",
        "huge_quantity",
        "zero",
        "huge_price",
        "nul",
        "surrogate",
        "card",
        "card_number",
        "country",
        "outcome",
        "no_items",
        "true_quantity",
        "card_as_fraction",
    ],
)
def test_a_bad_value_is_422_and_changes_nothing(store: Store, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    bodies = {
        "unknown": changed(store, colour="red"),
        "string_quantity": changed(store, items=item(store, quantity="1")),
        "true_quantity": changed(store, items=item(store, quantity=True)),
        "huge_quantity": changed(store, items=item(store, quantity=10**30)),
        "zero": changed(store, items=item(store, quantity=0)),
        "huge_price": changed(store, items=item(store, price=10**30)),
        "nul": changed(store, shipping_address=ADDRESS | {"line1": "a\0b"}),
        "surrogate": changed(store, shipping_address=ADDRESS | {"line1": "\ud800"}),
        "card": changed(store, shipping_address=ADDRESS | {"line2": "4111 1111 1111 1111"}),
        "card_number": changed(store, items=item(store, price=4111111111111111)),
        "card_as_fraction": changed(store).replace(b"19.99", b"4111111111111111.0"),
        "country": changed(store, shipping_address=ADDRESS | {"country": "XX"}),
        "outcome": changed(store, payment_method={"type": "test", "token": "tok_free"}),
        "no_items": changed(store, items=[]),
    }
    token = store.new_user()["token"]
    before = (store.orders(), store.stock(store.variants["Oak Bowl"][0]))

    response = store.call("POST", "/api/v1/orders", token=token, raw=bodies[name])

    assert (response.status_code, response.content_type) == (422, "application/problem+json")
    assert (store.orders(), store.stock(store.variants["Oak Bowl"][0])) == before
    heard = capsys.readouterr()
    assert "4111" not in response.get_data(as_text=True) + heard.out + heard.err


def test_a_phone_number_is_no_card_number(store: Store) -> None:
    token = store.new_user()["token"]
    # 13 digits that pass the check digit of cards.
    body = order_of(store) | {"shipping_address": ADDRESS | {"phone": "+4222222222222"}}

    response = store.call("POST", "/api/v1/orders", body, token=token)

    assert response.status_code == 201


def test_an_old_card_of_13_digits_is_refused_where_customers_write_and_a_barcode_is_searched(store: Store) -> None:
    # The digits of a German barcode, which are a Visa number of the nineties as well.
    number, token = "4006381333924", store.new_user()["token"]
    before = store.orders()
    body = order_of(store) | {"shipping_address": ADDRESS | {"line2": number}}

    refused = store.call("POST", "/api/v1/orders", body, token=token)
    searched = store.call("GET", f"/api/v1/products/search?q={number}")

    assert (refused.status_code, read(refused)["code"], store.orders()) == (422, "card_number_refused", before)
    assert searched.status_code == 200


def test_another_media_type_is_415(store: Store) -> None:
    response = store.client().post("/api/v1/users/login", base_url=f"http://{store.host}", data="a=b")

    assert (response.status_code, read(response)["code"]) == (415, "unsupported_media_type")


def test_a_large_body_is_413(store: Store) -> None:
    response = store.call("POST", "/api/v1/users/login", raw=b" " * 300_000)

    assert (response.status_code, read(response)["code"]) == (413, "body_too_large")


def test_an_unknown_path_and_method_are_problems(store: Store) -> None:
    missing = store.call("GET", "/api/v1/nothing")
    refused = store.call("DELETE", "/api/v1/orders")

    assert (missing.status_code, missing.content_type) == (404, "application/problem+json")
    assert (refused.status_code, refused.headers["Allow"]) == (405, "GET, HEAD, POST")


@pytest.mark.parametrize("host", ["admin.souk.test", "souk.test"])
def test_no_other_surface_has_the_api(store: Store, host: str) -> None:
    response = store.client().get("/api/v1/products/search", base_url=f"http://{host}")

    assert response.status_code == 404
