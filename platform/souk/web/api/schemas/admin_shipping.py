"""Shipping zones, their rates and the profiles of goods as apps read and write them."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

from souk.shipping.check_zone import MAX_DAYS, MAX_NAME, MAX_PARTS, MAX_RATES
from souk.web.api.schemas.admin_products import ProfileName, Whole
from souk.web.api.schemas.common import Amount, Money, Shape, whole
from souk.web.api.schemas.paging import Changes

Name = Annotated[str, Field(min_length=1, max_length=MAX_NAME)]
PartOfTheWorld = Annotated[str, Field(min_length=1, max_length=40)]
Days = Annotated[int, Field(ge=0, le=MAX_DAYS), BeforeValidator(whole)]


class _Limits(Shape):
    title: Name
    code: str = Field(default="", max_length=MAX_NAME)
    min_weight_grams: Whole | None = None
    max_weight_grams: Whole | None = None
    min_days: Days | None = None
    max_days: Days | None = None


class ShippingMethod(_Limits):
    """A rate of a zone, in the shop's currency. A rate that keeps its `code` stays the same rate; left out, the code is
    made from the title. `price_per_kg` comes on top for each begun kilogram. It is offered from the lower limit up to
    the upper one; null is no limit.
    """

    price: Amount
    price_per_kg: Amount | None = None
    min_subtotal: Amount | None = None
    max_subtotal: Amount | None = None


class ShippingMethodView(_Limits):
    price: Money
    price_per_kg: Money | None = None
    min_subtotal: Money | None = None
    max_subtotal: Money | None = None


class NewShippingZone(Shape):
    """`countries` are countries (DE), provinces (US-CA), postal codes (ES/35, DE/26465-27498), or `*` for everywhere
    else. `profile` names the goods that the zone sends; empty for all that are in none.
    """

    name: Name
    countries: list[PartOfTheWorld] = Field(min_length=1, max_length=MAX_PARTS)
    profile: ProfileName = ""
    rates: list[ShippingMethod] = Field(min_length=1, max_length=MAX_RATES)


class ShippingZoneChanges(Changes):
    """`countries` and `rates` replace those that were there."""

    name: Name = ""
    countries: list[PartOfTheWorld] = Field(default_factory=list, min_length=1, max_length=MAX_PARTS)
    profile: ProfileName = ""
    rates: list[ShippingMethod] = Field(default_factory=list, min_length=1, max_length=MAX_RATES)


class ShippingZoneView(Shape):
    id: str
    name: str
    countries: list[str]
    profile: str
    currency: str
    rates: list[ShippingMethodView]


class ShippingZones(Shape):
    zones: list[ShippingZoneView]


class RenameProfile(Shape):
    name: Name
    new_name: Name


class ProfileView(Shape):
    """How many zones send the goods of a profile, and how many variants are such goods."""

    name: str
    zones: int
    variants: int


class ShippingProfiles(Shape):
    profiles: list[ProfileView]
