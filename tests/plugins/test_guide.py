"""The plugin of the guide for app developers does what the guide says."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from plugins.api import Event, HookKind, Parcel, ParcelGoods, Plugin, Priced, ShippingRate, kind_of
from plugins.dispatch import Dispatcher
from plugins.enablement import enable
from plugins.loader import add
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope

GUIDE = Path(__file__).parents[2] / "docs" / "app-developers.md"
RATES = [ShippingRate("standard", "Standard", "flat_rate", 500)]
PARCEL = Parcel("DE", 2_000, 5_000, "EUR")


@pytest.fixture(scope="module")
def source() -> str:
    return cast("re.Match[str]", re.search(r"## Plugins.*?```python\n(.*?)```", GUIDE.read_text(), re.DOTALL))[1]


@pytest.fixture
def dispatcher(source: str) -> Dispatcher:
    names: dict[str, Any] = {"__name__": "souk_neighbors"}
    exec(compile(source, str(GUIDE), "exec"), names)  # noqa: S102 - our own guide
    found = Dispatcher()
    assert add(found, cast("type[Plugin]", names["Neighbors"]))
    return found


def test_the_guide_has_every_kind_of_hook(source: str) -> None:
    hooks = re.findall(r"@hookimpl\n    def (\w+)", source)

    assert {kind_of(name) for name in hooks} == set(HookKind)


def test_the_filter_frees_shipping_from_what_the_shop_chose(
    dispatcher: Dispatcher, shop: TenantScope, other_shop: TenantScope
) -> None:
    with transaction(shop) as session:
        enable(session, "neighbors", enabled=True, settings={"free_from": 4_000})

        assert dispatcher.apply(session, "shipping_rates", RATES, parcel=PARCEL) == [replace(RATES[0], amount=0)]
    with transaction(other_shop) as session:
        assert dispatcher.apply(session, "shipping_rates", RATES, parcel=PARCEL) == RATES


def test_themes_read_what_the_plugin_adds(dispatcher: Dispatcher, other_shop: TenantScope) -> None:
    with transaction(other_shop) as session:
        found = dispatcher.spaces(session, "storefront_context", page_type="index")

    assert found == {"neighbors": {"free_from": 10_000}}


@pytest.mark.parametrize(("line1", "codes"), [("PO Box 7", ["po_box"]), ("7 Box Street", [])])
def test_the_validator_wants_a_street(
    dispatcher: Dispatcher, other_shop: TenantScope, line1: str, codes: list[str]
) -> None:
    with transaction(other_shop) as session:
        asked = dispatcher.collect(
            session, "checkout_requirements", priced=cast("Priced", None), address={"line1": line1}
        )

    assert [one.code for answer in asked for one in answer] == codes


def test_the_provider_prices_light_parcels_only(dispatcher: Dispatcher) -> None:
    provided = [one for _plugin, one in dispatcher.objects("shipping_rate_providers")]

    assert [one.name for one in provided] == ["bicycle"]
    assert provided[0].quote({"price": "300"}, PARCEL) == 300
    assert provided[0].quote({"price": "300"}, replace(PARCEL, weight_grams=5_001)) is None


def test_the_question_is_priced_by_the_item(dispatcher: Dispatcher, shop: TenantScope, other_shop: TenantScope) -> None:
    items = (ParcelGoods("A", "Mug", 2, 300, 2_500), ParcelGoods("B", "Bowl", 1, 300, 2_500))
    asked = []
    for scope, chosen in ((shop, {"per_item": 400}), (other_shop, {})):
        with transaction(scope) as session:
            enable(session, "neighbors", enabled=True, settings=chosen)
            calls = dispatcher.questions(
                session, "rate_provider", lambda _name, offers: offers, parcel=replace(PARCEL, items=items)
            )
        asked.append([(offer.code, offer.amount, offer.currency) for offer in calls["neighbors"]()])

    assert asked == [[("today", 1_200, "EUR")], [("today", 750, "EUR")]]


def test_the_slot_is_filled_at_its_place(dispatcher: Dispatcher, other_shop: TenantScope) -> None:
    with transaction(other_shop) as session:
        places = [
            dispatcher.collect(session, "slot", place=place, page={})
            for place in ("product.show.after_price", "footer.before")
        ]

    assert places == [["<p>We deliver by bicycle.</p>"], []]


def test_the_event_is_heard(dispatcher: Dispatcher, other_shop: TenantScope, caplog: pytest.LogCaptureFixture) -> None:
    with transaction(other_shop) as session, caplog.at_level(logging.INFO, "souk_neighbors"):
        dispatcher.notify(session, "on_event", event=Event("order.placed", 1, {"number": 1001}))

    assert caplog.messages == [f"shop {other_shop.tenant_id} sold order 1001"]
