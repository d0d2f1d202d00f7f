"""Shipping: zones with their rates, and profiles of goods."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from souk.kernel import ids
from souk.kernel.money import Money
from souk.pricing.rules import read_rules
from souk.shipping.delete_zone import delete_zone
from souk.shipping.drafts import RateDraft, ZoneDraft
from souk.shipping.profiles import list_profiles, rename_profile
from souk.shipping.queries import Zone, list_zones, read_zone
from souk.shipping.save_zone import save_zone
from souk.web.api.definition import admin_api
from souk.web.api.operations import Call
from souk.web.api.schemas.admin_shipping import (
    NewShippingZone,
    ProfileView,
    RenameProfile,
    ShippingMethod,
    ShippingMethodView,
    ShippingProfiles,
    ShippingZoneChanges,
    ShippingZones,
    ShippingZoneView,
)
from souk.web.api.schemas.common import Nothing
from souk.web.api.schemas.paging import Deleted

_AMOUNTS = ("price", "price_per_kg", "min_subtotal", "max_subtotal")
_SAME = ("title", "code", "min_weight_grams", "max_weight_grams")
_REFUSED = {422: "`shipping_zone_invalid`, or `shipping_country_taken`: another zone of the profile sends there."}


@admin_api.operation(
    "GET",
    "/shipping_zones",
    summary="List the zones with their rates, those without a profile first",
    tag="shipping",
    takes=Nothing,
    answers=ShippingZones,
    access="admin",
    permission="read_settings",
)
def list_shipping_zones(call: Call, _query: Nothing) -> ShippingZones:
    currency = read_rules(call.session).base
    return ShippingZones(zones=[_view(zone, currency) for zone in list_zones(call.session)])


@admin_api.operation(
    "GET",
    "/shipping_zones/{zone_id}",
    summary="Read a zone",
    tag="shipping",
    takes=Nothing,
    answers=ShippingZoneView,
    access="admin",
    permission="read_settings",
)
def read_shipping_zone(call: Call, _query: Nothing) -> ShippingZoneView:
    return _stored(call, _number(call))


@admin_api.operation(
    "POST",
    "/shipping_zones",
    summary="Deliver to more places",
    tag="shipping",
    takes=NewShippingZone,
    answers=ShippingZoneView,
    status=201,
    access="admin",
    permission="write_settings",
    problems=_REFUSED,
)
def create_shipping_zone(call: Call, body: NewShippingZone) -> ShippingZoneView:
    base = read_rules(call.session).base
    rates = [_draft(rate, base) for rate in body.rates]
    zone_id = save_zone(call.session, ZoneDraft(body.name, body.countries, rates, body.profile))
    return _stored(call, zone_id)


@admin_api.operation(
    "PATCH",
    "/shipping_zones/{zone_id}",
    summary="Change a zone; what is left out stays as it is",
    tag="shipping",
    takes=ShippingZoneChanges,
    answers=ShippingZoneView,
    access="admin",
    permission="write_settings",
    problems=_REFUSED,
)
def change_shipping_zone(call: Call, body: ShippingZoneChanges) -> ShippingZoneView:
    zone_id, currency = _number(call), read_rules(call.session).base
    present = _view(read_zone(call.session, zone_id), currency)
    sent = body.named()
    rates = sent.get("rates", [ShippingMethod(**rate.model_dump()) for rate in present.rates])
    told = {name: sent.get(name, getattr(present, name)) for name in ("name", "countries", "profile")}
    save_zone(call.session, ZoneDraft(**told, rates=[_draft(rate, currency) for rate in rates]), zone_id)
    return _stored(call, zone_id)


@admin_api.operation(
    "DELETE",
    "/shipping_zones/{zone_id}",
    summary="Deliver there no more; orders keep the rate they were placed with",
    tag="shipping",
    takes=Nothing,
    answers=Deleted,
    access="admin",
    permission="write_settings",
)
def remove_shipping_zone(call: Call, _query: Nothing) -> Deleted:
    delete_zone(call.session, _number(call))
    return Deleted(id=call.path["zone_id"])


@admin_api.operation(
    "GET",
    "/shipping_profiles",
    summary="List the profiles that zones and variants name",
    tag="shipping",
    takes=Nothing,
    answers=ShippingProfiles,
    access="admin",
    permission="read_settings",
)
def read_shipping_profiles(call: Call, _query: Nothing) -> ShippingProfiles:
    return _profiles(call)


@admin_api.operation(
    "PATCH",
    "/shipping_profiles",
    summary="Rename a profile in all zones and variants",
    tag="shipping",
    takes=RenameProfile,
    answers=ShippingProfiles,
    access="admin",
    permission="write_settings",
    problems={
        404: "`shipping_profile_missing`: no zone and no variant names it.",
        409: "`shipping_profile_taken`: another profile has this name.",
    },
)
def rename_shipping_profile(call: Call, body: RenameProfile) -> ShippingProfiles:
    rename_profile(call.session, body.name, body.new_name)
    return _profiles(call)


def _profiles(call: Call) -> ShippingProfiles:
    shown = [ProfileView(name=one.name, zones=one.zones, variants=one.variants) for one in list_profiles(call.session)]
    return ShippingProfiles(profiles=shown)


def _number(call: Call) -> int:
    return ids.decode(ids.SHIPPING_ZONE, call.path["zone_id"])


def _stored(call: Call, zone_id: int) -> ShippingZoneView:
    return _view(read_zone(call.session, zone_id), read_rules(call.session).base)


def _draft(rate: ShippingMethod, currency: str) -> RateDraft:
    def minor(amount: Decimal | None) -> int | None:
        return None if amount is None else Money.from_major(amount, currency).amount

    amounts: dict[str, Any] = {name: minor(getattr(rate, name)) for name in _AMOUNTS}
    # One number alone is an exact promise: "2 days".
    days = [day for day in (rate.min_days, rate.max_days) if day is not None]
    same = {name: getattr(rate, name) for name in _SAME}
    return RateDraft(**same, **amounts, delivery_days=(days[0], days[-1]) if days else ())


def _view(zone: Zone, currency: str) -> ShippingZoneView:
    return ShippingZoneView(
        id=ids.encode(ids.SHIPPING_ZONE, zone.id),
        name=zone.name,
        countries=list(zone.countries),
        profile=zone.profile,
        currency=currency,
        rates=[_method(rate, currency) for rate in zone.rates],
    )


def _method(rate: Mapping[str, Any], currency: str) -> ShippingMethodView:
    days = list(rate.get("delivery_days") or (None, None))
    told: dict[str, Any] = {name: rate.get(name) for name in _SAME}
    told |= {name: Money(rate[name], currency).major for name in _AMOUNTS if rate.get(name) is not None}
    return ShippingMethodView(**told, min_days=days[0], max_days=days[-1])
