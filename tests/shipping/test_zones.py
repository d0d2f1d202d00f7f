"""Making, changing and deleting shipping zones; each refusal leaves them as they were."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import delete, insert, text

from plugins.loader import plugins
from souk.kernel.db import DatabaseBusy, transaction
from souk.kernel.money import exponent
from souk.kernel.tenancy import TenantScope
from souk.shipping.delete_zone import delete_zone
from souk.shipping.drafts import RateDraft, ZoneDraft
from souk.shipping.errors import CountryTaken, ZoneInvalid, ZoneMissing
from souk.shipping.locks import lock_zones
from souk.shipping.models import ShippingZone
from souk.shipping.provider import Parcel
from souk.shipping.queries import Zone, list_zones
from souk.shipping.quote import quote
from souk.shipping.save_zone import save_zone
from souk.shipping.set_up import set_up_shipping
from souk.shipping.starting_prices import _WORTH_FIVE_DOLLARS, starting_prices
from tests.fixtures.shops import make_shop

RATE = RateDraft("Parcel", 490, max_weight_grams=20_000, delivery_days=(1, 3))
ZONE = ZoneDraft("Germany", ("DE",), (RATE,))


@pytest.fixture(autouse=True)
def no_zones(shop: TenantScope) -> None:
    with transaction(shop) as session:
        session.execute(delete(ShippingZone))


def zones_of(scope: TenantScope) -> list[Zone]:
    with transaction(scope, read_only=True) as session:
        return list_zones(session)


def saved(scope: TenantScope, draft: ZoneDraft, zone_id: int | None = None) -> int:
    with transaction(scope) as session:
        return save_zone(session, draft, zone_id)


def test_a_zone_is_made_changed_and_deleted(shop: TenantScope, other_shop: TenantScope) -> None:
    zone_id = saved(shop, ZONE)
    made = zones_of(shop)
    saved(shop, ZoneDraft("DACH", ("DE", "AT", "AT"), (replace(RATE, price=0, max_weight_grams=None),)), zone_id)
    changed = zones_of(shop)
    elsewhere = zones_of(other_shop)
    with transaction(shop) as session:
        delete_zone(session, zone_id)

    parcel = {"code": "parcel", "title": "Parcel", "provider": "flat_rate", "delivery_days": [1, 3]}
    assert made == [Zone(zone_id, "Germany", ["DE"], [{**parcel, "price": 490, "max_weight_grams": 20_000}])]
    assert changed == [Zone(zone_id, "DACH", ["DE", "AT"], [{**parcel, "price": 0}])]
    assert zones_of(shop) == elsewhere == []


def test_a_rate_keeps_its_provider_while_it_keeps_its_code(shop: TenantScope) -> None:
    rates = [{"code": "live", "title": "Live", "provider": "carrier", "price": 1, "service": "express"}]
    with transaction(shop) as session:
        row = insert(ShippingZone).values(name="Live", countries=["DE"], rates=rates)
        zone_id = session.execute(row.returning(ShippingZone.id)).scalar_one()

    saved(shop, ZoneDraft("Live", ("DE",), (RateDraft("Faster", 2, "live"),)), zone_id)

    expected = {"code": "live", "title": "Faster", "provider": "carrier", "price": 2, "service": "express"}
    assert zones_of(shop)[0].rates == [expected]


@pytest.mark.parametrize(
    ("draft", "sentence"),
    [
        (replace(ZONE, name=" "), "Give the zone a name of 1 to 80 characters."),
        (replace(ZONE, countries=()), "Choose at least one country, or everywhere else."),
        (replace(ZONE, countries=("XX",)), "'XX' is no country; write a code of ISO 3166-1 such as DE"),
        (replace(ZONE, countries=("de",)), "'de' is no country"),
        (replace(ZONE, countries=("US-ZZ",)), "'US-ZZ' is no province"),
        (replace(ZONE, countries=("ES/",)), "'' are no postal codes; write ES/35"),
        (replace(ZONE, countries=("DE/27498-26465",)), "'27498-26465' are no postal codes; write ES/35"),
        (replace(ZONE, rates=()), "Give the zone 1 to 50 rates"),
        (replace(ZONE, rates=(RATE, RATE)), "Two rates are called 'Parcel'"),
        (replace(ZONE, rates=(replace(RATE, title=""),)), "Give each rate a name of 1 to 80 characters."),
        (replace(ZONE, rates=(replace(RATE, price=-1),)), "The prices and limits of 'Parcel' are 0 or more"),
        (replace(ZONE, rates=(replace(RATE, min_subtotal=-1),)), "The prices and limits of 'Parcel' are 0 or more"),
        (replace(ZONE, rates=(replace(RATE, min_weight_grams=20_001),)), "The least weight of 'Parcel' is above"),
        (replace(ZONE, rates=(replace(RATE, min_subtotal=2, max_subtotal=1),)), "The least subtotal of 'Parcel'"),
        (replace(ZONE, rates=(replace(RATE, delivery_days=(3, 1)),)), "The days of 'Parcel' are the fewest"),
        (replace(ZONE, rates=(replace(RATE, delivery_days=(1, 366)),)), "The days of 'Parcel' are the fewest"),
    ],
)
def test_a_wrong_zone_is_refused_in_a_sentence(shop: TenantScope, draft: ZoneDraft, sentence: str) -> None:
    zone_id = saved(shop, replace(ZONE, name="Before"))
    before = zones_of(shop)

    with pytest.raises(ZoneInvalid) as refused:
        saved(shop, draft, zone_id)

    assert refused.value.detail.startswith(sentence)
    assert zones_of(shop) == before


@pytest.mark.parametrize(("country", "where"), [("DE", "DE"), ("*", "everywhere else")])
def test_no_country_is_in_two_zones(shop: TenantScope, country: str, where: str) -> None:
    saved(shop, replace(ZONE, countries=("DE", "*")))
    before = zones_of(shop)

    with pytest.raises(CountryTaken) as refused:
        saved(shop, ZoneDraft("Second", ("AT", country), (RATE,)))

    assert refused.value.detail.startswith(f"The zone 'Germany' delivers to {where} already")
    assert zones_of(shop) == before


def test_the_zone_of_another_shop_is_missing(shop: TenantScope, other_shop: TenantScope) -> None:
    zone_id = saved(shop, ZONE)
    before = zones_of(shop)

    with pytest.raises(ZoneMissing):
        saved(other_shop, replace(ZONE, name="Mine now"), zone_id)
    with pytest.raises(ZoneMissing), transaction(other_shop) as session:
        delete_zone(session, zone_id)

    assert zones_of(shop) == before
    assert zones_of(other_shop) == []


def test_two_people_cannot_give_a_country_to_two_zones(shop: TenantScope) -> None:
    with transaction(shop) as first:
        lock_zones(first)
        with pytest.raises(DatabaseBusy), transaction(shop) as second:
            assert list_zones(second) == []
            second.execute(text("SET LOCAL lock_timeout = '50ms'"))
            save_zone(second, ZONE)
        save_zone(first, ZONE)

    assert [zone.name for zone in zones_of(shop)] == ["Germany"]


@pytest.mark.parametrize(
    ("currency", "country", "domestic", "abroad"),
    [("EUR", "DE", 500, 2_000), ("JPY", "JP", 500, 2_000), ("KWD", "KW", 2_000, 8_000)],
)
def test_a_new_shop_delivers_at_home_and_abroad(
    platform: None, currency: str, country: str, domestic: int, abroad: int
) -> None:
    plugins()
    opened, neighbour = make_shop(currency=currency, country=country), make_shop()

    for _ in range(2):
        with transaction(opened) as session:
            set_up_shipping(session)

    with transaction(opened, read_only=True) as session:
        offers = [quote(session, Parcel(where, 500, 1_000, currency)) for where in (country, "US")]
    assert [[(one.code, one.amount) for one in found] for found in offers] == [
        [("standard", domestic)],
        [("standard", abroad)],
    ]
    assert len(zones_of(opened)) == 2
    assert zones_of(neighbour) == []


def test_every_currency_starts_with_an_amount_that_is_worth_something() -> None:
    # Units for a US dollar, roughly: what is off by more than a factor of three would be a slip of zeros.
    worth = {
        "USD": 1, "EUR": 0.9, "GBP": 0.75, "JPY": 150, "KRW": 1_390, "HUF": 340, "CLP": 950, "ISK": 123, "KWD": 0.31,
        "PLN": 3.7, "SEK": 9.5, "TRY": 41, "MXN": 18.7, "COP": 4_000, "UGX": 3_550, "LBP": 89_500, "UZS": 12_300,
        "MRU": 40, "MGA": 4_450, "IRR": 42_000,
    }  # fmt: skip

    dollars = {code: starting_prices(code)[0] / 10 ** exponent(code) / rate for code, rate in worth.items()}

    assert {code: value for code, value in dollars.items() if not 2 < value < 12} == {}
    assert all(starting_prices(code)[1] == 4 * starting_prices(code)[0] for code in worth)


def test_each_currency_of_the_table_exists_and_is_named_once() -> None:
    named = [code for codes in _WORTH_FIVE_DOLLARS.values() for code in codes.split()]

    assert len(named) == len(set(named))
    assert [code for code in named if exponent(code) not in {0, 2, 3}] == []
