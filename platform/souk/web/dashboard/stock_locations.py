"""The places that hold stock."""

from __future__ import annotations

from flask import request

from souk.inventory.change import MOST
from souk.inventory.errors import BadQuantity, BadRecipients
from souk.inventory.locations import (
    activate_location,
    create_location,
    deactivate_location,
    list_locations,
    order_locations,
    rename_location,
)
from souk.inventory.low_stock import low_stock_notice, set_low_stock_notice
from souk.inventory.threshold import default_threshold, set_default_threshold
from souk.kernel.db import transaction
from souk.kernel.errors import NotFound, SoukError
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.pages import done, page
from souk.web.dashboard.stock import whole_number

_SAID = {
    "rename": "The name is saved.",
    "close": "Nothing more is sold from this location.",
    "open": "This location sells again.",
    "first": "Orders are served from this location first.",
}


@blueprint.get("/shops/<slug>/locations")
@in_shop()
def locations(access: ShopAccess) -> Answer:
    return _locations_page(access)


@blueprint.post("/shops/<slug>/locations")
@in_shop(Permission.STOCK)
def add_location(access: ShopAccess) -> Answer:
    try:
        with transaction(access.scope) as session:
            create_location(session, request.form.get("name", ""))
    except SoukError as error:
        return _locations_page(access, error), error.status
    return done("The location is made.", "locations", access)


@blueprint.post("/shops/<slug>/locations/<int:location_id>")
@in_shop(Permission.STOCK)
def change_location(access: ShopAccess, location_id: int) -> Answer:
    action = request.form.get("action", "rename")
    try:
        with transaction(access.scope) as session:
            if action == "close":
                deactivate_location(session, location_id)
            elif action == "open":
                activate_location(session, location_id)
            elif action == "first":
                order_locations(session, [location_id])
            else:
                rename_location(session, location_id, request.form.get("name", ""))
    except NotFound:
        raise
    except SoukError as error:
        return _locations_page(access, error), error.status
    return done(_SAID.get(action, _SAID["rename"]), "locations", access)


@blueprint.post("/shops/<slug>/locations/low-stock")
@in_shop(Permission.STOCK)
def warn_of_low_stock(access: ShopAccess) -> Answer:
    raw = request.form.get("low_stock_at", "").strip()
    try:
        with transaction(access.scope) as session:
            set_default_threshold(session, whole_number(raw) if raw else None)
    except BadQuantity as error:
        return _locations_page(access, error), error.status
    return done("The threshold is saved.", "locations", access)


@blueprint.post("/shops/<slug>/locations/low-stock-mail")
@in_shop(Permission.STOCK)
def mail_low_stock(access: ShopAccess) -> Answer:
    try:
        with transaction(access.scope) as session:
            set_low_stock_notice(session, on="on" in request.form, recipients=request.form.get("recipients", ""))
    except BadRecipients as error:
        return _locations_page(access, error), error.status
    return done("This is kept.", "locations", access)


def _locations_page(access: ShopAccess, error: SoukError | None = None) -> str:
    with transaction(access.scope, read_only=True) as session:
        rows, threshold = list_locations(session), default_threshold(session)
        mailed = low_stock_notice(session)
    return page("locations.html", rows=rows, threshold=threshold, mailed=mailed, most=MOST, error=error)
