"""The pages of shipping zones and tax rates, for those who may and those who may not."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import delete, select

from plugins.pauses import note_failure
from souk.catalog.models import Variant
from souk.kernel.db import transaction
from souk.kernel.settings import read_setting, write_setting
from souk.kernel.tenancy import TenantScope
from souk.shipping.carrier_policy import CarrierPolicy, read_carrier_policy
from souk.shipping.models import ShippingZone
from souk.shipping.queries import Zone, list_zones
from souk.tax.models import TaxRate
from souk.tax.policy import read_policy
from souk.tax.provider_policy import ProviderPolicy, read_provider_policy
from souk.tax.queries import TaxRateRow, list_rates
from souk.tax.territory import MEMBERS
from souk.web.asked_plugins import enabled_ids
from tests.factories.catalog import make_product
from tests.web_dashboard.conftest import SignedIn

ZONE = {"name": "Alps", "countries": ["AT", "CH"], "r-0-title": "Parcel", "r-0-price": "4,90", "r-0-min_days": "2"}
RATE = {"country": "DE", "name": "MwSt", "percentage": "19", "tax_class": "standard", "applies_to_shipping": "on"}


@pytest.fixture(autouse=True)
def nothing(shop: TenantScope) -> None:
    with transaction(shop) as session:
        session.execute(delete(ShippingZone))
        session.execute(delete(TaxRate))


def stored(scope: TenantScope) -> tuple[list[Zone], list[TaxRateRow]]:
    with transaction(scope, read_only=True) as session:
        return list_zones(session), list_rates(session)


def test_a_zone_is_added_edited_and_deleted(shop: TenantScope, other_shop: TenantScope, signed_in: SignedIn) -> None:
    owner, stranger = signed_in(shop, "owner"), signed_in(other_shop, "owner")

    added = owner.post("~/shipping/new", ZONE)
    (zone,), _ = stored(shop)
    editor = owner.get(f"~/shipping/{zone.id}").text
    owner.post(f"~/shipping/{zone.id}", {**ZONE, "r-0-code": "parcel", "r-0-price": "0", "r-0-min_subtotal": "50.00"})
    (edited,), _ = stored(shop)
    listed = owner.get("~/shipping").text, stranger.get("~/shipping").text
    owner.post(f"~/shipping/{zone.id}/delete")

    parcel = {"code": "parcel", "title": "Parcel", "provider": "flat_rate", "delivery_days": [2, 2]}
    assert added.status_code == 303
    assert zone == Zone(zone.id, "Alps", ["AT", "CH"], [{**parcel, "price": 490}])
    assert 'value="4.90"' in editor
    assert edited.rates == [{**parcel, "price": 0, "min_subtotal": 5_000}]
    assert ["Alps" in text for text in listed] == [True, False]
    assert stored(shop)[0] == []


def test_goods_of_a_profile_have_zones_of_their_own(
    shop: TenantScope, other_shop: TenantScope, signed_in: SignedIn
) -> None:
    owner, stranger = signed_in(shop, "owner"), signed_in(other_shop, "owner")
    with transaction(shop) as session:
        (variant,) = make_product(session, "Sofa")
        product = session.scalars(select(Variant.product_id).where(Variant.id == variant)).one()
    owner.post("~/shipping/new", ZONE)

    owner.post("~/shipping/new", {**ZONE, "name": "Lorries", "profile": "Furniture"})
    moved = owner.post("~/products/bulk", {"ids": str(product), "action": "profile", "profile": "Furniture"})
    taken = owner.post("~/shipping/profiles", {"name": "Furniture", "new_name": ""})
    owner.post("~/shipping/profiles", {"name": "Furniture", "new_name": "Bulky"})

    assert (moved.status_code, taken.status_code) == (303, 409)
    assert [(zone.name, zone.profile) for zone in stored(shop)[0]] == [("Alps", ""), ("Lorries", "Bulky")]
    assert "1 zone · 1 variant" in owner.get("~/shipping").text
    assert "<option selected>Bulky</option>" in owner.get(f"~/products/{product}/variants/{variant}").text
    assert stranger.post("~/shipping/profiles", {"name": "Bulky", "new_name": "Mine"}).status_code == 404
    assert "Bulky" not in stranger.get("~/shipping").text


def test_carriers_are_switched_on_with_a_replacement(
    shop: TenantScope, other_shop: TenantScope, signed_in: SignedIn
) -> None:
    owner, stranger = signed_in(shop, "owner"), signed_in(other_shop, "owner")
    wanted = {"provider": "test_carrier", "own": "silent", "fallback_title": "Parcel", "fallback_amount": "9,90"}
    note_failure(shop, "test_carrier", "rate_provider", "It gave no answer within 2 seconds.")

    saved = owner.post("~/shipping/carriers", wanted)
    kept = carriers(shop)
    refused = owner.post("~/shipping/carriers", {**wanted, "provider": "", "fallback_title": ""})
    unread = owner.post("~/shipping/carriers", {**wanted, "most": "much"})
    pages = owner.get("~/shipping").text, stranger.get("~/shipping").text

    policy = CarrierPolicy(own_beside=False, fallback_title="Parcel", fallback_amount=990)
    assert (saved.status_code, refused.status_code, unread.status_code) == (303, 422, 422)
    assert kept == carriers(shop) == (True, policy)
    assert carriers(other_shop) == (False, CarrierPolicy())
    assert "Give the replacement a name" in refused.text
    assert 'value="much"' in unread.text
    assert ["no answer within 2 seconds" in text for text in pages] == [True, False]
    owner.post("~/shipping/carriers", {"own": "beside"})
    assert carriers(shop) == (False, CarrierPolicy())


def test_a_tax_provider_is_chosen_and_only_one_that_there_is(
    shop: TenantScope, other_shop: TenantScope, signed_in: SignedIn
) -> None:
    owner, stranger = signed_in(shop, "owner"), signed_in(other_shop, "owner")
    note_failure(shop, "test_tax", "tax_provider", "It failed (Unreachable).")

    saved = owner.post("~/taxes/provider", {"provider": "test_tax", "when_silent": "refuse"})
    kept = tax_provider(shop)
    refused = [
        owner.post("~/taxes/provider", wrong).status_code
        for wrong in ({"provider": "test_carrier"}, {"provider": "test_tax", "when_silent": "never"})
    ]
    pages = owner.get("~/taxes").text, stranger.get("~/taxes").text

    assert (saved.status_code, refused) == (303, [422, 422])
    assert kept == tax_provider(shop) == (True, ProviderPolicy("test_tax", "refuse"))
    assert tax_provider(other_shop) == (False, ProviderPolicy())
    assert ["It failed (Unreachable)" in text for text in pages] == [True, False]
    owner.post("~/taxes/provider", {"provider": "", "when_silent": "own"})
    assert tax_provider(shop) == (False, ProviderPolicy())


def tax_provider(scope: TenantScope) -> tuple[bool, ProviderPolicy]:
    with transaction(scope, read_only=True) as session:
        return "test_tax" in enabled_ids(session, "tax_provider"), read_provider_policy(session)


def carriers(scope: TenantScope) -> tuple[bool, CarrierPolicy]:
    with transaction(scope, read_only=True) as session:
        return "test_carrier" in enabled_ids(session, "rate_provider"), read_carrier_policy(session)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"r-0-price": "4.905"}, "is not an amount in USD"),
        ({"r-0-price": "1,000"}, "is not an amount in USD"),
        ({"r-0-price": "-1"}, "are 0 or more"),
        ({"r-0-price": ""}, "a price; 0 is free"),
        ({"r-0-max_weight_grams": "heavy"}, "write a whole number"),
        ({"countries": ["XX"]}, "is no country"),
    ],
)
def test_a_refused_zone_keeps_what_was_typed(
    shop: TenantScope, signed_in: SignedIn, wrong: dict[str, object], sentence: str
) -> None:
    answer = signed_in(shop, "owner").post("~/shipping/new", {**ZONE, "name": "Typed <name>", **wrong})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="Typed &lt;name&gt;"' in answer.text
    assert all(f'value="{text}"' in answer.text for text in wrong.values() if isinstance(text, str))
    assert stored(shop) == ([], [])


def test_a_rate_is_added_edited_and_deleted(shop: TenantScope, other_shop: TenantScope, signed_in: SignedIn) -> None:
    owner, stranger = signed_in(shop, "owner"), signed_in(other_shop, "owner")

    added = owner.post("~/taxes/new", RATE)
    _, (rate,) = stored(shop)
    editor = owner.get(f"~/taxes/{rate.id}").text
    unticked = {name: value for name, value in RATE.items() if name != "applies_to_shipping"}
    owner.post(f"~/taxes/{rate.id}", {**unticked, "percentage": "7,25"})
    _, (edited,) = stored(shop)
    listed = owner.get("~/taxes").text, stranger.get("~/taxes").text
    owner.post(f"~/taxes/{rate.id}/delete")

    assert added.status_code == 303
    assert rate == TaxRateRow(rate.id, "DE", "", "standard", "MwSt", Decimal("0.19"), True)
    assert 'value="19"' in editor
    assert (edited.rate, edited.applies_to_shipping) == (Decimal("0.0725"), False)
    assert ["MwSt" in text for text in listed] == [True, False]
    assert stored(shop)[1] == []


def test_a_refused_rate_keeps_what_was_typed(shop: TenantScope, signed_in: SignedIn) -> None:
    answer = signed_in(shop, "owner").post("~/taxes/new", {**RATE, "name": "Typed <name>", "percentage": "1000"})

    assert answer.status_code == 422
    assert "is no percentage; write 0 or more" in answer.text
    assert 'value="Typed &lt;name&gt;"' in answer.text
    assert 'value="1000"' in answer.text
    assert stored(shop) == ([], [])


def test_a_rate_of_postal_codes_and_days_reads_as_it_was_typed(shop: TenantScope, signed_in: SignedIn) -> None:
    owner = signed_in(shop, "owner")
    narrow = {"postal_from": "26465", "postal_to": "27498", "valid_from": "2027-01-01", "valid_to": "2027-06-30"}

    owner.post("~/taxes/new", RATE | narrow)
    _, (rate,) = stored(shop)
    editor = owner.get(f"~/taxes/{rate.id}").text

    assert [f'name="{name}"' in editor and f'value="{typed}"' in editor for name, typed in narrow.items()] == [True] * 4
    assert "26465\u201327498" in owner.get("~/taxes").text


def test_the_rules_of_tax_are_kept_or_refused_whole(
    shop: TenantScope, other_shop: TenantScope, signed_in: SignedIn
) -> None:
    with transaction(shop) as session:
        write_setting(session, "shop", read_setting(session, "shop") | {"country": "DE", "prices_include_tax": True})
    owner = signed_in(shop, "owner")

    owner.post("~/taxes/rules", {"vat_number": "de 136 695 976", "shipping": "goods", "export_at_net": "on"})
    refused = owner.post("~/taxes/rules", {"vat_number": "DE136695977", "shipping": "none"})

    with transaction(shop, read_only=True) as session:
        kept = read_policy(session)
    with transaction(other_shop, read_only=True) as session:
        elsewhere = read_policy(session)
    assert (refused.status_code, "This is no VAT number" in refused.text) == (422, True)
    assert (kept.vat_number, kept.shipping, kept.export_at_net) == ("DE136695976", "goods", True)
    assert (elsewhere.vat_number, elsewhere.shipping) == ("", "rates")


def test_the_rates_of_the_union_are_added_beside_those_that_are_there(shop: TenantScope, signed_in: SignedIn) -> None:
    owner = signed_in(shop, "owner")
    owner.post("~/taxes/new", RATE | {"percentage": "16"})

    owner.post("~/taxes/union")
    owner.post("~/taxes/union")

    rates = {rate.country: rate.percentage for rate in stored(shop)[1]}
    assert (len(stored(shop)[1]), frozenset(rates)) == (27, MEMBERS)
    assert (rates["DE"], rates["FI"], rates["HU"]) == ("16", "25.5", "27")


@pytest.mark.parametrize("role", ["viewer", "fulfillment"])
def test_who_may_not_change_settings_changes_nothing(shop: TenantScope, signed_in: SignedIn, role: str) -> None:
    owner, person = signed_in(shop, "owner"), signed_in(shop, role)
    owner.post("~/shipping/new", ZONE)
    owner.post("~/taxes/new", RATE)
    before = stored(shop)
    paths = [
        *("~/shipping/new", f"~/shipping/{before[0][0].id}", f"~/shipping/{before[0][0].id}/delete"),
        *("~/taxes/new", f"~/taxes/{before[1][0].id}", f"~/taxes/{before[1][0].id}/delete"),
        *("~/taxes/rules", "~/taxes/union"),
    ]

    answers = [person.post(path, {**ZONE, **RATE, "name": "Mine"}).status_code for path in paths]
    pages = [person.get(path).status_code for path in ("~/shipping", "~/taxes")]

    assert answers == [403] * 8
    assert pages == [403, 403]
    assert "/shipping" not in person.get("~").text
    assert stored(shop) == before


def test_another_shops_zone_and_rate_are_not_there(
    shop: TenantScope, other_shop: TenantScope, signed_in: SignedIn
) -> None:
    owner, stranger = signed_in(shop, "owner"), signed_in(other_shop, "owner")
    owner.post("~/shipping/new", ZONE)
    owner.post("~/taxes/new", RATE)
    before = stored(shop)
    zone, rate = f"~/shipping/{before[0][0].id}", f"~/taxes/{before[1][0].id}"

    answers = [
        stranger.get(zone).status_code,
        stranger.get(rate).status_code,
        *(
            stranger.post(path, {**ZONE, **RATE}).status_code
            for path in (zone, f"{zone}/delete", rate, f"{rate}/delete")
        ),
    ]

    assert answers == [404] * 6
    assert stored(shop) == before
    assert stored(other_shop) == ([], [])
