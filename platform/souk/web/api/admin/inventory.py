"""Stock: list levels and locations, set and adjust with compare-and-set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from souk.inventory.adjust import adjust_on_hand, set_on_hand
from souk.inventory.errors import StaleStock
from souk.inventory.locations import list_locations
from souk.inventory.models import InventoryLevel
from souk.inventory.pickup import PickupTerms, end_pickup, offer_pickup
from souk.inventory.state import LevelState, select_levels
from souk.kernel import ids
from souk.kernel.errors import Conflict
from souk.kernel.money import Money
from souk.pricing.rules import read_rules
from souk.web.api.cursors import after, cursor_of
from souk.web.api.definition import admin_api
from souk.web.api.operations import Call
from souk.web.api.schemas.admin_inventory import (
    AdjustInventory,
    AdminLevel,
    AdminLevelPage,
    AdminLocation,
    AdminLocations,
    InventoryParameters,
    OfferPickup,
    PickupTermsView,
    SetInventory,
)
from souk.web.api.schemas.common import Nothing

_NUMBERS = ("on_hand", "committed", "reserved", "available", "incoming", "version")
_STALE = {
    404: "There is no such variant or location in this shop.",
    409: "`stale_inventory` with the present `level`, or `stock_in_use`.",
}


class StaleInventory(Conflict):
    """`level` is the level as it is now, with the version that a second try must carry."""

    code = "stale_inventory"

    def __init__(self, level: dict[str, Any]) -> None:
        super().__init__("Somebody changed this level meanwhile; look at `level` and try again.", level=level)


@admin_api.operation(
    "GET",
    "/inventory",
    summary="List stock levels, the newest first",
    tag="inventory",
    takes=InventoryParameters,
    answers=AdminLevelPage,
    access="admin",
    permission="read_inventory",
)
def list_inventory(call: Call, query: InventoryParameters) -> AdminLevelPage:
    where = after(InventoryLevel.id.expression, query.after)
    if query.variant_id is not None:
        where.append(InventoryLevel.variant_id == ids.decode(ids.VARIANT, query.variant_id))
    if query.location_id is not None:
        where.append(InventoryLevel.location_id == ids.decode(ids.LOCATION, query.location_id))
    wanted = select_levels().where(*where).order_by(InventoryLevel.id.desc()).limit(query.limit + 1)
    levels = [LevelState(*row) for row in call.session.execute(wanted)]
    shown = [_view(level) for level in levels[: query.limit]]
    return AdminLevelPage(levels=shown, next_cursor=cursor_of(levels, query.limit))


@admin_api.operation(
    "GET",
    "/locations",
    summary="List the places that hold stock, in the order in which they serve",
    tag="inventory",
    takes=Nothing,
    answers=AdminLocations,
    access="admin",
    permission="read_inventory",
)
def list_places(call: Call, _query: Nothing) -> AdminLocations:
    return _places(call)


@admin_api.operation(
    "PUT",
    "/locations/{location_id}/pickup",
    summary="Let buyers collect their orders at a location, or change the terms",
    tag="inventory",
    takes=OfferPickup,
    answers=AdminLocations,
    access="admin",
    permission="write_inventory",
    problems={422: "`invalid_pickup` with the `field`."},
)
def write_pickup(call: Call, body: OfferPickup) -> AdminLocations:
    price = Money.from_major(body.price, read_rules(call.session).base).amount
    terms = PickupTerms(price, body.instructions, body.ready_hours)
    offer_pickup(call.session, ids.decode(ids.LOCATION, call.path["location_id"]), terms, body.address.model_dump())
    return _places(call)


@admin_api.operation(
    "DELETE",
    "/locations/{location_id}/pickup",
    summary="Offer no pick-up at a location any more",
    tag="inventory",
    takes=Nothing,
    answers=AdminLocations,
    access="admin",
    permission="write_inventory",
)
def drop_pickup(call: Call, _query: Nothing) -> AdminLocations:
    end_pickup(call.session, ids.decode(ids.LOCATION, call.path["location_id"]))
    return _places(call)


def _places(call: Call) -> AdminLocations:
    currency = read_rules(call.session).base
    shown = [
        AdminLocation(
            id=ids.encode(ids.LOCATION, row.id),
            name=row.name,
            address=dict(row.address),
            active=row.active,
            priority=row.priority,
            pickup=_terms(row.pickup, currency) if row.pickup else None,
        )
        for row in list_locations(call.session)
    ]
    return AdminLocations(locations=shown)


def _terms(kept: Mapping[str, Any], currency: str) -> PickupTermsView:
    price = Money(kept["price"], currency).major
    return PickupTermsView(price=price, instructions=kept["instructions"], ready_hours=kept["ready_hours"])


@admin_api.operation(
    "POST",
    "/inventory/set",
    summary="Set how many units stand at a location",
    tag="inventory",
    takes=SetInventory,
    answers=AdminLevel,
    access="admin",
    permission="write_inventory",
    problems=_STALE,
)
def set_inventory(call: Call, body: SetInventory) -> AdminLevel:
    variant_id, location_id = _where(body)
    try:
        level = set_on_hand(
            call.session,
            variant_id,
            location_id,
            body.on_hand,
            body.reason,
            call.actor,
            seen_version=body.version,
        )
    except StaleStock as error:
        raise _stale(error) from error
    return _view(level)


@admin_api.operation(
    "POST",
    "/inventory/adjust",
    summary="Add units to a location, or take them away",
    tag="inventory",
    takes=AdjustInventory,
    answers=AdminLevel,
    access="admin",
    permission="write_inventory",
    problems=_STALE,
)
def adjust_inventory(call: Call, body: AdjustInventory) -> AdminLevel:
    variant_id, location_id = _where(body)
    try:
        level = adjust_on_hand(
            call.session,
            variant_id,
            location_id,
            body.delta,
            reason=body.reason,
            note=body.note,
            actor=call.actor,
            seen_version=body.version,
        )
    except StaleStock as error:
        raise _stale(error) from error
    return _view(level)


def _where(body: SetInventory | AdjustInventory) -> tuple[int, int | None]:
    place = None if body.location_id is None else ids.decode(ids.LOCATION, body.location_id)
    return ids.decode(ids.VARIANT, body.variant_id), place


def _stale(error: StaleStock) -> StaleInventory:
    return StaleInventory(_view(LevelState(**error.current)).model_dump())


def _view(level: LevelState) -> AdminLevel:
    return AdminLevel(
        **{name: getattr(level, name) for name in _NUMBERS},
        variant_id=ids.encode(ids.VARIANT, level.variant_id),
        product_id=ids.encode(ids.PRODUCT, level.product_id),
        location_id=ids.encode(ids.LOCATION, level.location_id),
    )
