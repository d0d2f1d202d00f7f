"""The address book."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from souk.addresses.errors import BadAddress
from souk.customers.addresses import (
    add_address,
    change_address,
    list_addresses,
    make_default,
    read_address,
    remove_address,
)
from souk.customers.errors import TooManyAddresses, UnknownAddress
from souk.customers.queries import list_customers
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from tests.factories.customers import make_guest

HOME = {
    "name": "Ada",
    "line1": "1 Main St",
    "city": "Austin",
    "state": "TX",
    "postal_code": "78701",
    "country": "us",
}


def test_the_first_address_is_the_default_until_another_is_chosen(shop: TenantScope) -> None:
    with transaction(shop) as session:
        customer_id = make_guest(session, "book@example.com")
        first = add_address(session, customer_id, HOME)
        second = add_address(session, customer_id, HOME | {"city": "Dallas"})

        before = [(item.id, item.is_default) for item in list_addresses(session, customer_id)]
        make_default(session, customer_id, second)

        assert before == [(first, True), (second, False)]
        assert [item.id for item in list_addresses(session, customer_id)] == [second, first]
        assert read_address(session, customer_id, first).address == HOME | {
            "country": "US",
            "line2": "",
            "phone": "",
        }


def test_a_stranger_reaches_no_address(shop: TenantScope, other_shop: TenantScope) -> None:
    with transaction(shop) as session:
        owner = make_guest(session, "mine@example.com")
        stranger = make_guest(session, "theirs@example.com")
        address_id = add_address(session, owner, HOME)

        for act in (read_address, make_default, remove_address):
            with pytest.raises(UnknownAddress):
                act(session, stranger, address_id)
        with pytest.raises(UnknownAddress):
            change_address(session, stranger, address_id, HOME | {"city": "Stolen"})

        assert read_address(session, owner, address_id).address["city"] == "Austin"
    with transaction(other_shop) as session:
        assert list_addresses(session, owner) == []
        with pytest.raises(UnknownAddress):
            read_address(session, owner, address_id)
        assert list_customers(session) == ([], 0)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"country": "XX"}, "country"),
        ({"country": "Germany"}, "country"),
        ({"line1": ""}, "line1"),
        ({"name": "a\0b"}, "name"),
        ({"city": 5}, "city"),
        ({"planet": "Mars"}, "planet"),
        ({"line2": "x" * 201}, "line2"),
        ({"postal_code": "7870"}, "postal_code"),
        ({"state": "ZZ"}, "state"),
        ({"state": ""}, "state"),
    ],
)
def test_a_bad_address_names_its_field_and_is_not_kept(shop: TenantScope, change: dict[str, Any], field: str) -> None:
    with transaction(shop) as session:
        customer_id = make_guest(session, "bad-address@example.com")

        with pytest.raises(BadAddress) as caught:
            add_address(session, customer_id, HOME | change)

        assert caught.value.extra["field"] == field
        assert list_addresses(session, customer_id) == []


def test_the_fifty_first_address_is_refused(shop: TenantScope) -> None:
    with transaction(shop) as session:
        customer_id = make_guest(session, "many@example.com")
        for _ in range(50):
            add_address(session, customer_id, HOME)

        with pytest.raises(TooManyAddresses):
            add_address(session, customer_id, HOME)


def test_customers_are_found_by_part_of_name_or_address_taken_literally(shop: TenantScope) -> None:
    with transaction(shop) as session:
        make_guest(session, "percent@find.example", name="100% Grace")
        make_guest(session, "other@find.example", name="Grace")

        by_name, total = list_customers(session, query="100% g")
        by_email, _ = list_customers(session, query="FIND.example")
        nobody, none = list_customers(session, query="100_ g")

        assert ([item.email for item in by_name], total) == (["percent@find.example"], 1)
        assert len(by_email) == 2
        assert (nobody, none) == ([], 0)


def test_two_first_addresses_at_once_leave_one_default(shop: TenantScope) -> None:
    with transaction(shop) as session:
        customer_id = make_guest(session, "twice@example.com")
    barrier = threading.Barrier(2)

    def add() -> None:
        barrier.wait()
        with transaction(shop) as session:
            add_address(session, customer_id, HOME)

    threads = [threading.Thread(target=add) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with transaction(shop, read_only=True) as session:
        assert [item.is_default for item in list_addresses(session, customer_id)] == [True, False]
