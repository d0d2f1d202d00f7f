"""Hooks reach the plugins that a shop uses, and a plugin that fails is never felt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import pytest

from plugins.api import Event, HookContext, Parcel, Plugin, ShippingRate, hookimpl
from plugins.dispatch import Dispatcher
from plugins.enablement import enable
from plugins.loader import add, discover, plugins
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.payments.provider import offered

PARCEL = Parcel("DE", 100, 1_000, "EUR")
RATES = [ShippingRate("a", "A", "flat_rate", 100)]


class Good(Plugin):
    id = "good"
    name = "Good"
    version = "1.0"

    def __init__(self) -> None:
        self.heard: list[tuple[int, str, Mapping[str, Any]]] = []

    @hookimpl
    def on_event(self, context: HookContext, event: Event) -> None:
        self.heard.append((context.tenant_id, event.name, context.settings))

    @hookimpl
    def shipping_rates(self, value: Sequence[ShippingRate]) -> Sequence[ShippingRate]:
        return [*value, ShippingRate("b", "B", "good", 200)]

    @hookimpl
    def slot(self, place: str) -> str:
        return f"<p>{place}</p>"


class Broken(Plugin):
    id = "broken"
    name = "Broken"
    version = "1.0"
    default_enabled = True

    @hookimpl
    def on_event(self, event: Event) -> None:
        raise RuntimeError(event.name)

    @hookimpl
    def shipping_rates(self, value: Sequence[ShippingRate]) -> Any:
        return f"{len(value)} rates"

    @hookimpl
    def slot(self, place: str) -> str:
        raise RuntimeError(place)


@pytest.fixture
def dispatcher() -> Dispatcher:
    found = Dispatcher()
    assert add(found, Good)
    assert add(found, Broken)
    return found


def test_only_the_shop_that_uses_a_plugin_meets_it(
    dispatcher: Dispatcher, shop: TenantScope, other_shop: TenantScope
) -> None:
    with transaction(shop) as session:
        enable(session, "good", enabled=True, settings={"color": "red"})
    good = cast("Good", dispatcher.manager.get_plugin("good"))

    for scope in (shop, other_shop):
        with transaction(scope) as session:
            dispatcher.notify(session, "on_event", event=Event("order.placed", 1))

    assert good.heard == [(shop.tenant_id, "order.placed", {"color": "red"})]
    with transaction(shop) as session:
        assert dispatcher.collect(session, "slot", place="footer", page={}) == ["<p>footer</p>"]
        changed = dispatcher.apply(session, "shipping_rates", RATES, parcel=PARCEL)
        assert [rate.code for rate in changed] == ["a", "b"]
    with transaction(other_shop) as session:
        assert dispatcher.collect(session, "slot", place="footer", page={}) == []
        assert dispatcher.apply(session, "shipping_rates", RATES, parcel=PARCEL) == RATES


def test_failures_and_time_are_counted(dispatcher: Dispatcher, shop: TenantScope) -> None:
    with transaction(shop) as session:
        for _ in range(3):
            dispatcher.notify(session, "on_event", event=Event("order.placed", 1))

    usage = dispatcher.usage["broken", "on_event"]
    assert (usage.calls, usage.errors) == (3, 3)
    assert usage.seconds > 0


def test_a_plugin_that_does_not_fit_is_left_out() -> None:
    class Later(Plugin):
        id = "later"
        name = "Later"
        version = "1.0"
        api = ">=2"

    class Misspelled(Plugin):
        id = "misspelled"
        name = "Misspelled"
        version = "1.0"

        @hookimpl
        def on_evnet(self, event: Event) -> None: ...

    found = Dispatcher()

    assert add(found, Later) is False
    assert add(found, Misspelled) is False


def test_the_built_in_plugins_are_there() -> None:
    ids = {kind.id for kind in discover(safe_mode=True)}

    payers = {"test_gateway", "manual_payment", "stripe"}
    others = {"flat_rate", "parcel_fulfillment", "checkout_questions", "delivery_dates", "test_carrier", "test_tax"}
    assert ids == payers | others


def test_a_shop_offers_the_payments_that_it_uses(shop: TenantScope, other_shop: TenantScope) -> None:
    plugins()
    with transaction(shop) as session:
        enable(session, "manual_payment", enabled=False)

    with transaction(shop) as session:
        assert [provider.name for provider in offered(session)] == ["test_gateway"]
    with transaction(other_shop) as session:
        assert {provider.name for provider in offered(session)} == {"test_gateway", "manual_payment"}
