"""Let buyers collect their orders at a location."""

from __future__ import annotations

from typing import Any

from flask import g, request

from souk.addresses.countries import countries
from souk.addresses.fields import FIELDS
from souk.inventory.errors import BadPickup, UnknownLocation
from souk.inventory.locations import LocationRow, list_locations
from souk.inventory.pickup import MAX_HOURS, PickupTerms, end_pickup, offer_pickup
from souk.kernel.db import transaction
from souk.kernel.errors import NotFound, SoukError
from souk.kernel.money import Money
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.pages import done, page

_PLACE = tuple(name for name in FIELDS if name not in {"name", "phone"})
# Whole hours that shops promise; others can be set through the API and stay.
READY_HOURS = (0, 1, 2, 4, 24, 48, 72, 120, 168)


@blueprint.get("/shops/<slug>/locations/<int:location_id>/pickup")
@in_shop()
def location_pickup(access: ShopAccess, location_id: int) -> Answer:
    return _page(access, location_id)


@blueprint.post("/shops/<slug>/locations/<int:location_id>/pickup")
@in_shop(Permission.STOCK)
def save_location_pickup(access: ShopAccess, location_id: int) -> Answer:
    offers = "offers" in request.form
    try:
        terms = _terms() if offers else PickupTerms()
        with transaction(access.scope) as session:
            if offers:
                offer_pickup(session, location_id, terms, {name: request.form.get(name, "") for name in _PLACE})
            else:
                end_pickup(session, location_id)
    except NotFound:
        raise
    except SoukError as error:
        return _page(access, location_id, error), error.status
    said = "Buyers can pick up here." if offers else "No order is picked up here any more."
    return done(said, "location_pickup", access, location_id=location_id)


def _terms() -> PickupTerms:
    hours, price = request.form.get("ready_hours", ""), request.form.get("price", "").strip().replace(",", ".")
    if not (hours.isascii() and hours.isdecimal() and len(hours) <= len(str(MAX_HOURS))):
        raise BadPickup("ready_hours", "Choose how long it takes until an order lies ready.")
    amount = Money.from_major(price, g.shop_settings["currency"]).amount if price else 0
    return PickupTerms(amount, request.form.get("instructions", "").replace("\r\n", "\n"), int(hours))


def _page(access: ShopAccess, location_id: int, error: SoukError | None = None) -> str:
    with transaction(access.scope, read_only=True) as session:
        row = next((one for one in list_locations(session) if one.id == location_id), None)
    if row is None:
        raise UnknownLocation(location_id)
    choices = countries("en", g.shop_settings.get("country", ""))
    form = _typed(row) if error is None else {**request.form, "offers": "offers" in request.form}
    hours = sorted({*READY_HOURS, int(row.pickup.get("ready_hours", 0))})
    return page("location_pickup.html", row=row, form=form, choices=choices, hours=hours, error=error)


def _typed(row: LocationRow) -> dict[str, Any]:
    price, currency = int(row.pickup.get("price", 0)), g.shop_settings["currency"]
    return {
        **{name: row.address.get(name, "") for name in _PLACE},
        "offers": bool(row.pickup),
        "price": str(Money(price, currency).major) if price else "",
        "instructions": row.pickup.get("instructions", ""),
        "ready_hours": str(row.pickup.get("ready_hours", 24)),
    }
