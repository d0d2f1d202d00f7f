"""Saved ways to pay: kept by the provider, offered to their customer alone, let go of on demand."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from plugins.builtin.test_gateway.plugin import LABEL, Gateway
from souk.checkout.complete import complete_checkout
from souk.checkout.models import Checkout
from souk.customers.models import CustomerPaymentMethod
from souk.customers.payment_methods import UnknownSavedMethod, keep_method, list_methods
from souk.kernel.db import transaction
from tests.fixtures.stores import ADDRESS, PASSWORD, Store, read

FORM = {**ADDRESS, "payment_token": "tok_approved"}


def customer(store: Store) -> tuple[FlaskClient, int, str]:
    """Return the browser of somebody who is signed in, their id and their API token."""
    user, client = store.new_user(), store.client()
    sent = client.post("/account/sign-in", data={"email": user["email"], "password": PASSWORD}, base_url=base(store))
    assert sent.status_code == 303
    return client, int(user["user_id"].removeprefix("user_")), user["token"]


def base(store: Store) -> str:
    return f"http://{store.host}"


def begin(store: Store, client: FlaskClient) -> str:
    client.post("/cart/add", data={"id": store.variants["Oak Bowl"][0]}, base_url=base(store))
    path = client.post("/checkout", base_url=base(store)).location
    client.post(path, data={**FORM, "email": "ada@example.com", "do": "continue"}, base_url=base(store))
    return str(path)


def pay(store: Store, client: FlaskClient, path: str, **form: str) -> str:
    told = {**FORM, "email": "ada@example.com", "payment_provider": "test_gateway", **form, "do": "pay"}
    return client.post(path, data=told, base_url=base(store)).location or ""


def saved(store: Store, customer_id: int) -> list[Any]:
    with transaction(store.scope, read_only=True) as session:
        return list(list_methods(session, customer_id))


def test_a_customer_saves_a_method_and_pays_with_it_the_next_time(store: Store, other_store: Store) -> None:
    client, customer_id, token = customer(store)
    assert "/orders/" in pay(store, client, begin(store, client), save_test_gateway="yes")
    (kept,) = saved(store, customer_id)
    assert (kept.provider, kept.label) == ("test_gateway", LABEL)

    client.post("/cart/add", data={"id": store.variants["Oak Bowl"][0]}, base_url=base(store))
    begun = client.post("/checkout", base_url=base(store)).location
    # Where the last order went stands there, though nothing is in the address book.
    assert f'value="{ADDRESS["line1"]}"' in client.get(begun, base_url=base(store)).text

    path = begin(store, client)
    page = client.get(path, base_url=base(store)).text
    assert f'value="test_gateway#{kept.id}"' in page
    assert "/orders/" in pay(store, client, path, payment_provider=f"test_gateway#{kept.id}", payment_token="")

    profile = read(store.call("GET", "/api/v1/users/profile", token=token))
    assert profile["payment_methods"] == [{"id": f"method_{kept.id}", "provider": "test_gateway", "label": LABEL}]
    assert LABEL in client.get("/account/payment-methods", base_url=base(store)).text
    with transaction(other_store.scope, read_only=True) as session:
        assert session.execute(select(func.count(CustomerPaymentMethod.id))).scalar_one() == 0


def test_nothing_is_saved_without_the_tick_or_for_a_guest(store: Store) -> None:
    client, customer_id, _ = customer(store)
    guest = store.client()

    pay(store, client, begin(store, client))
    pay(store, guest, begin(store, guest), save_test_gateway="yes")

    assert saved(store, customer_id) == []


def test_a_stranger_with_the_checkouts_address_cannot_see_or_use_what_is_saved(store: Store) -> None:
    client, customer_id, _ = customer(store)
    pay(store, client, begin(store, client), save_test_gateway="yes")
    (kept,) = saved(store, customer_id)
    path, before = begin(store, client), store.orders()
    other, other_id, other_token = customer(store)

    for stranger in (store.client(), other):
        assert LABEL not in stranger.get(path, base_url=base(store)).text
        assert pay(store, stranger, path, payment_provider=f"test_gateway#{kept.id}") == ""
    assert LABEL not in other.get("/account/payment-methods", base_url=base(store)).text
    dropped = other.post(f"/account/payment-methods/{kept.id}/remove", base_url=base(store))
    gone = store.call("DELETE", f"/api/v1/users/payment_methods/method_{kept.id}", token=other_token)

    assert (dropped.status_code, gone.status_code) == (404, 404)
    assert store.orders() == before
    assert [one.id for one in saved(store, customer_id)] == [kept.id]
    assert saved(store, other_id) == []


def test_a_removed_method_is_gone_with_its_provider_too(store: Store) -> None:
    client, customer_id, token = customer(store)
    pay(store, client, begin(store, client), save_test_gateway="yes")
    (kept,) = saved(store, customer_id)

    answer = store.call("DELETE", f"/api/v1/users/payment_methods/method_{kept.id}", token=token)

    assert answer.status_code == 200
    assert saved(store, customer_id) == []
    assert Gateway.ledger().token_of(kept.provider_reference, kept.provider_customer) == ""


def test_an_app_pays_with_a_saved_method(store: Store) -> None:
    client, customer_id, token = customer(store)
    pay(store, client, begin(store, client), save_test_gateway="yes")
    (kept,) = saved(store, customer_id)
    items = [{"variant_id": f"variant_{store.variants['Oak Bowl'][0]}", "quantity": 1}]
    body = {"items": items, "shipping_address": ADDRESS, "payment_method": {"type": "saved", "id": f"method_{kept.id}"}}

    own = store.call("POST", "/api/v1/orders", body, token=token)
    foreign = store.call("POST", "/api/v1/orders", body, token=store.new_user()["token"])

    assert (own.status_code, foreign.status_code) == (201, 404)


def test_a_method_of_another_provider_pays_nothing(store: Store) -> None:
    client, customer_id, _ = customer(store)
    with transaction(store.scope) as session:
        keep_method(session, customer_id, "stripe", reference="pm_1", customer="cus_1", label="Visa")
    path = begin(store, client)
    (kept,) = saved(store, customer_id)

    with pytest.raises(UnknownSavedMethod):
        complete_checkout(store.scope, path.rpartition("/")[2], {"type": "test", "saved": kept.id}, payer=customer_id)
    with transaction(store.scope, read_only=True) as session:
        token = path.rpartition("/")[2]
        assert session.execute(select(Checkout.status).where(Checkout.token == token)).scalar_one() == "open"
