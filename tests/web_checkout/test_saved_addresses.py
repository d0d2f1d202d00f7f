"""A signed-in buyer chooses among their addresses and keeps a new one; nobody else sees or changes their book."""

from __future__ import annotations

import re

from flask.testing import FlaskClient

from souk.customers.addresses import AddressRecord, add_address, list_addresses
from souk.kernel.db import transaction
from tests.fixtures.stores import ADDRESS, Store
from tests.web_checkout.test_saved_methods import base, customer, pay

HOME = ADDRESS | {"name": "Ada Home", "line1": "Home Road 1", "phone": ""}
WORK = ADDRESS | {"name": "Ada Work", "line1": "Work Street 2", "phone": ""}


def book(store: Store, customer_id: int) -> list[AddressRecord]:
    with transaction(store.scope, read_only=True) as session:
        return list_addresses(session, customer_id)


def filled(store: Store, customer_id: int) -> tuple[int, int]:
    with transaction(store.scope) as session:
        return add_address(session, customer_id, HOME), add_address(session, customer_id, WORK)


def begin(store: Store, client: FlaskClient) -> str:
    client.post("/cart/add", data={"id": store.variants["Oak Bowl"][0]}, base_url=base(store))
    return str(client.post("/checkout", base_url=base(store)).location)


def field(page: str, name: str) -> str:
    found = re.search(rf'id="{name}" name="{name}"[^>]*? value="([^"]*)"', page)
    assert found is not None
    return found[1]


def test_a_chosen_address_fills_the_form_and_a_typed_one_stands(store: Store) -> None:
    client, customer_id, _ = customer(store)
    home, work = filled(store, customer_id)
    path = begin(store, client)

    page = client.get(path, base_url=base(store)).text
    assert (field(page, "line1"), f'value="{home}" checked' in page) == ("Home Road 1", True)

    def send(address: dict[str, str], chosen: int, shown: int) -> str:
        told = {**address, "saved_address": chosen, "address_shown": shown, "do": "update"}
        return client.post(path, data=told, base_url=base(store)).text

    page = send(HOME, work, home)
    assert (field(page, "line1"), f'value="{work}" checked' in page) == ("Work Street 2", True)
    page = send(WORK, 0, work)
    assert (field(page, "line1"), field(page, "name"), 'value="0" checked' in page) == ("", "", True)
    page = send(WORK | {"line1": "Work Street 3"}, work, work)
    assert (field(page, "line1"), 'value="0" checked' in page) == ("Work Street 3", True)


def test_a_new_address_is_kept_once_and_only_when_asked(store: Store, other_store: Store) -> None:
    client, customer_id, _ = customer(store)
    filled(store, customer_id)
    new = ADDRESS | {"line1": "New Lane 3"}
    for told in ({}, {"save_address": "yes"}, {"save_address": "yes"}):
        path = begin(store, client)
        form = {**new, "saved_address": "0", "address_shown": "0", "save_address_shown": "1", **told}
        client.post(path, data={**form, "email": "ada@example.com", "do": "continue"}, base_url=base(store))
        assert "/orders/" in pay(store, client, path, **form)
        kept = [one.address["line1"] for one in book(store, customer_id)]
        assert kept == ["Home Road 1", "Work Street 2", *(["New Lane 3"] if told else [])]
    assert book(other_store, customer_id) == []


def test_a_stranger_with_the_checkouts_address_neither_reads_nor_writes_the_book(store: Store) -> None:
    client, customer_id, _ = customer(store)
    home, work = filled(store, customer_id)
    path = begin(store, client)
    other, other_id, _ = customer(store)

    for stranger in (store.client(), other):
        assert "Work Street 2" not in stranger.get(path, base_url=base(store)).text
        chosen = {**HOME, "saved_address": work, "address_shown": home, "do": "update"}
        refused = stranger.post(path, data=chosen, base_url=base(store))
        assert (refused.status_code, "Work Street 2" in refused.text) == (404, False)
    form = {**ADDRESS, "save_address_shown": "1", "save_address": "yes"}
    other.post(path, data={**form, "email": "ada@example.com", "do": "continue"}, base_url=base(store))
    assert "/orders/" in pay(store, other, path, **form)

    assert [one.id for one in book(store, customer_id)] == [home, work]
    assert book(store, other_id) == []
