"""Zones, conditions and prices of shipping."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import insert

from plugins.loader import plugins
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.shipping import provider
from souk.shipping.models import ShippingZone
from souk.shipping.provider import Parcel
from souk.shipping.quote import quote


@pytest.fixture(scope="module", autouse=True)
def zones(shop: TenantScope) -> None:
    plugins()
    german = [
        {"code": "light", "title": "Letter", "provider": "flat_rate", "price": 300, "max_weight_grams": 1_000},
        {"code": "kilo", "title": "Parcel", "provider": "flat_rate", "price": 400, "price_per_kg": 100},
        {"code": "free", "title": "Free", "provider": "flat_rate", "price": 0, "min_subtotal": 10_000},
    ]
    world = [{"code": "world", "title": "World", "provider": "flat_rate", "price": 2_500}]
    with transaction(shop) as session:
        session.execute(insert(ShippingZone).values(name="Germany", countries=["DE"], rates=german))
        session.execute(insert(ShippingZone).values(name="World", countries=["*"], rates=world))


@pytest.mark.parametrize(
    ("country", "weight", "subtotal", "offers"),
    [
        ("DE", 900, 5_000, [("light", 300), ("kilo", 500)]),
        ("DE", 2_001, 5_000, [("kilo", 700)]),
        ("DE", 2_001, 10_000, [("free", 0), ("kilo", 700)]),
        ("JP", 900, 5_000, [("world", 2_500)]),
    ],
)
def test_offers(shop: TenantScope, country: str, weight: int, subtotal: int, offers: list[tuple[str, int]]) -> None:
    with transaction(shop) as session:
        found = quote(session, Parcel(country, weight, subtotal, "EUR"))

    assert [(offer.code, offer.amount) for offer in found] == offers


@pytest.mark.parametrize(
    ("province", "code", "offers"),
    [("", "28013", ["es"]), ("TF", "38001", ["islands"]), ("GC", "", ["gran-canaria"]), ("GC", "35001", ["islands"]),
     ("", "", ["es"])],
)  # fmt: skip
def test_the_zone_that_names_the_place_most_narrowly_counts(
    shop: TenantScope, province: str, code: str, offers: list[str]
) -> None:
    with transaction(shop) as session:
        for name, part in (("es", "ES"), ("gran-canaria", "ES-GC"), ("islands", "ES/35-38")):
            rates = [{"code": name, "title": name, "provider": "flat_rate", "price": 1}]
            session.execute(insert(ShippingZone).values(name=name, countries=[part], rates=rates))

        found = quote(session, Parcel("ES", 100, 100, "EUR", province, code))
        session.rollback()

    assert [offer.code for offer in found] == offers


def test_another_shop_offers_none_of_them(other_shop: TenantScope) -> None:
    with transaction(other_shop) as session:
        assert quote(session, Parcel("DE", 900, 5_000, "EUR")) == []


def test_a_provider_that_fails_takes_only_its_own_rate_away(shop: TenantScope) -> None:
    class Broken:
        name = "broken"

        def quote(self, rate: Mapping[str, Any], parcel: Parcel) -> int | None:
            raise RuntimeError("carrier is down")

    provider.install(Broken())
    rates = [
        {"code": "a", "title": "A", "provider": "broken", "price": 1},
        {"code": "b", "title": "B", "provider": "flat_rate", "price": 2},
    ]
    with transaction(shop) as session:
        session.execute(insert(ShippingZone).values(name="France", countries=["FR"], rates=rates))

        found = quote(session, Parcel("FR", 900, 5_000, "EUR"))

    assert [offer.code for offer in found] == ["b"]
