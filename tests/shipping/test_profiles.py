"""Goods of several profiles are priced apart and offered together."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, select

from plugins.loader import plugins
from souk.catalog.models import Product, Variant
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.shipping.combine import combined
from souk.shipping.drafts import RateDraft, ZoneDraft
from souk.shipping.errors import CountryTaken, ProfileMissing, ProfileTaken
from souk.shipping.models import ShippingZone
from souk.shipping.profiles import Profile, list_profiles, rename_profile, set_profile
from souk.shipping.provider import Parcel, ParcelGoods, ShippingRate
from souk.shipping.quote import quote
from souk.shipping.save_zone import save_zone
from tests.factories.catalog import make_product

MUG, SOFA, ICE, TYPO = (ParcelGoods(name, name, 1, grams, price, profile) for name, grams, price, profile in (
    ("mug", 500, 1_000, ""), ("sofa", 60_000, 90_000, "Furniture"), ("ice", 800, 700, "Cold"),
    ("typo", 500, 1_000, "Furnitur"),
))  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def zones(shop: TenantScope) -> None:
    plugins()
    drafts = [
        ZoneDraft("Germany", ("DE",), (RateDraft("Standard", 500, max_weight_grams=2_000, delivery_days=(1, 2)),
                                       RateDraft("Express", 1_500, delivery_days=(1, 1)))),
        ZoneDraft("France", ("FR",), (RateDraft("Standard", 900),)),
        ZoneDraft("Lorries", ("DE",), (RateDraft("Freight", 4_900, delivery_days=(5, 9)),), "Furniture"),
        ZoneDraft("Cooled", ("DE", "FR"), (RateDraft("Express", 2_000),), "Cold"),
    ]  # fmt: skip
    with transaction(shop) as session:
        for draft in drafts:
            save_zone(session, draft)


@pytest.mark.parametrize(
    ("country", "goods", "offers"),
    [
        ("DE", [MUG], [("standard", 500, (1, 2)), ("express", 1_500, (1, 1))]),
        ("DE", [SOFA], [("freight", 4_900, (5, 9))]),
        # The mug keeps its own weight: the sofa's would leave no Standard.
        ("DE", [MUG, SOFA], [("standard+freight", 5_400, (5, 9)), ("express+freight", 6_400, (5, 9))]),
        ("DE", [MUG, ICE], [("standard+express", 2_500, ()), ("express", 3_500, ())]),
        ("DE", [MUG, ICE, SOFA], [("standard+express+freight", 7_400, ()), ("express+freight", 8_400, ())]),
        ("DE", [TYPO], [("standard", 500, (1, 2)), ("express", 1_500, (1, 1))]),
        ("FR", [SOFA], []),
        ("FR", [MUG, SOFA], []),
        ("FR", [MUG, ICE], [("standard+express", 2_900, ())]),
    ],
)
def test_offers(
    shop: TenantScope, country: str, goods: list[ParcelGoods], offers: list[tuple[str, int, tuple[int, ...]]]
) -> None:
    weight, subtotal = sum(one.weight_grams for one in goods), sum(one.price for one in goods)
    with transaction(shop) as session:
        found = quote(session, Parcel(country, weight, subtotal, "EUR", items=tuple(goods)))

    assert [(one.code, one.amount, one.delivery_days) for one in found] == offers
    assert [one.title.lower().replace(" ", "") for one in found] == [code for code, _, _ in offers]


def test_carriers_are_not_mixed_and_few_sums_are_left() -> None:
    own = [[ShippingRate("standard", "Standard", "flat_rate", 500, (2, 3))], [
        ShippingRate("curb", "Curb", "flat_rate", 4_900, (5, 9)),
        ShippingRate("room", "Room", "flat_rate", 8_900, (7, 9)),
    ]]  # fmt: skip
    theirs = [
        [ShippingRate(f"dpd:{number}", f"DPD {number}", "dpd", 100 * number, (10 - number,)) for number in range(1, 10)]
        for _part in own
    ]
    few = [[*mine, *carrier[:2]] for mine, carrier in zip(own, theirs, strict=True)]

    assert [(one.code, one.amount) for one in combined(few)] == [
        ("standard+curb", 5_400), ("dpd:1", 200), ("dpd:2", 400), ("standard+room", 9_400),
    ]  # fmt: skip
    many = combined([[*mine, *carrier] for mine, carrier in zip(own, theirs, strict=True)])
    assert [one.amount for one in many] == [200, 400, 600, 800, 1_000, 1_200, 1_400, 1_800]


def test_products_join_a_profile_and_it_is_renamed(shop: TenantScope, other_shop: TenantScope) -> None:
    with transaction(other_shop) as session:
        make_product(session, shipping_profile="Furniture")
    with transaction(shop) as session:
        variants = make_product(session, "Sofa", variants=2)
        product = session.scalars(select(Variant.product_id).where(Variant.id == variants[0])).one()
        before = session.scalars(select(Product.version).where(Product.id == product)).one()

        joined = set_profile(session, [product], " Furniture "), set_profile(session, [product], "Furniture")
        rename_profile(session, "Furniture", "Bulky")

        assert joined == ([product], [])
        assert session.scalars(select(Product.version).where(Product.id == product)).one() > before
        assert list_profiles(session) == [Profile("Bulky", 1, 2), Profile("Cold", 1, 0)]
        rename_profile(session, "Bulky", "Furniture")
    with transaction(other_shop) as session:
        assert list_profiles(session) == [Profile("Furniture", 0, 1)]


def test_a_refusal_changes_nothing(shop: TenantScope) -> None:
    with transaction(shop) as session:
        before = session.execute(select(ShippingZone.id, ShippingZone.profile).order_by(ShippingZone.id)).all()
        with pytest.raises(CountryTaken):
            save_zone(session, ZoneDraft("More lorries", ("DE",), (RateDraft("Other", 1),), "Furniture"))
        for name, new, refusal in (("Nothing", "New", ProfileMissing), ("Cold", "Furniture", ProfileTaken),
                                   ("Cold", " ", ProfileTaken)):  # fmt: skip
            with pytest.raises(refusal):
                rename_profile(session, name, new)

        assert session.execute(select(ShippingZone.id, ShippingZone.profile).order_by(ShippingZone.id)).all() == before


def test_a_place_outside_any_zone_is_sent_nothing(other_shop: TenantScope) -> None:
    with transaction(other_shop) as session:
        session.execute(insert(ShippingZone).values(name="Elsewhere", countries=["FR"], rates=[]))
        assert quote(session, Parcel("DE", 1, 1, "EUR", items=(MUG, SOFA))) == []
        session.rollback()
