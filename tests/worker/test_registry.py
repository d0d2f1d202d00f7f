"""Everything that must happen behind the shops is registered, and listeners hear of committed events only."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from souk.kernel.db import transaction
from souk.kernel.events import Event
from souk.kernel.outbox import publish
from souk.kernel.tenancy import TenantScope
from souk.worker import consumers, periodic
from souk.worker.consumers import Happened, consumers_of, listen, names_for
from souk.worker.registry import register_all
from souk.worker.relay import relay


@pytest.fixture(autouse=True)
def _registries_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    # Other tests of this process count deliveries: what is registered here must not outlive the test.
    monkeypatch.setattr(consumers, "_consumers", {})
    monkeypatch.setattr(consumers, "_listeners", {})
    monkeypatch.setattr(consumers, "_conditions", {})
    monkeypatch.setattr(periodic, "_jobs", {})


def test_every_event_reaches_those_who_must_act_on_it(platform: None) -> None:
    register_all()

    assert set(consumers_of("order.placed")) >= {"mail"}
    assert set(consumers_of("fulfillment.requested")) >= {"fulfillment"}
    assert set(consumers_of("product.updated")) >= {"search"}
    assert set(consumers_of("fulfillment.created")) >= {"mail"}
    assert set(consumers_of("inventory.updated")) >= {"stock", "search"}
    assert set(periodic._jobs) >= {"checkouts", "scheduled products", "retention", "media", "shop retention"}


def test_a_sale_costs_only_the_deliveries_that_do_something(platform: None) -> None:
    register_all()

    ordinary = names_for(Event("inventory.updated", 5, {"product_id": 1, "available": 7, "crossed_zero": False}))
    last_one = names_for(Event("inventory.updated", 5, {"product_id": 1, "available": 0, "crossed_zero": True}))
    changed = names_for(Event("product.updated", 1))

    paid = names_for(Event("order.paid", 1, {"gift_cards": False, "documents": False}))
    with_cards = names_for(Event("order.paid", 1, {"gift_cards": True, "documents": True}))

    assert (ordinary, paid) == ([], [])
    assert sorted(with_cards) == ["documents", "gift cards"]
    assert sorted(last_one) == ["automated collections", "search", "stock"]
    assert sorted(changed) == ["automated collections", "search"]


def test_what_takes_long_waits_for_nobody_else(platform: None) -> None:
    register_all()
    events = [
        Event("import.requested", 1), Event("export.requested", 1), Event("media.created", 1),
        Event("products.imported", 0, {"product_ids": [1]}), Event("settings.updated", 0, {"name": "search"}),
        Event("product.updated", 1), Event("order.placed", 1),
    ]  # fmt: skip

    long = {(event.name, name) for event in events for name in names_for(event) if consumers.is_long(event, name)}

    assert long == {
        ("import.requested", "import"), ("export.requested", "export"), ("media.created", "pictures"),
        ("products.imported", "search"), ("settings.updated", "search"),
    }  # fmt: skip
    assert {job.name for job in periodic._jobs.values() if job.long} == {
        "search comparison", "sales", "retention", "catalog files", "media", "shop retention",
    }  # fmt: skip


def test_registering_twice_changes_nothing(platform: None) -> None:
    register_all()
    first = {name: dict(found) for name, found in consumers._consumers.items()}

    register_all()

    assert {name: dict(found) for name, found in consumers._consumers.items()} == first


def test_a_listener_hears_of_each_shops_events_after_their_commit(shop: TenantScope, other_shop: TenantScope) -> None:
    relay("default")
    heard: list[Happened] = []
    listen("broken", _fail)
    listen("test", heard.extend)
    with transaction(shop) as session:
        publish(session, Event("product.updated", 7, {"handle": "tea"}))
        before_commit = relay("default")
    with transaction(other_shop) as session:
        publish(session, Event("product.updated", 8))

    relay("default")
    relay("default")

    assert before_commit == []
    assert heard == [
        Happened(shop, Event("product.updated", 7, {"handle": "tea"})),
        Happened(other_shop, Event("product.updated", 8)),
    ]


def _fail(_happened: Sequence[Happened]) -> None:
    raise RuntimeError("this cache is down")
