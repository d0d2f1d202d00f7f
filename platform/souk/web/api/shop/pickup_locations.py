"""Where a shop's orders can be collected."""

from __future__ import annotations

from souk.inventory.locations import list_locations
from souk.kernel import ids
from souk.kernel.money import Money
from souk.pricing.rules import read_rules
from souk.web.api.definition import shop_api
from souk.web.api.operations import Call
from souk.web.api.schemas.common import Nothing
from souk.web.api.schemas.orders import PickupLocation, PickupLocations


@shop_api.operation(
    "GET",
    "/pickup-locations",
    summary="List the places where orders can be collected",
    tag="orders",
    takes=Nothing,
    answers=PickupLocations,
)
def list_pickup_locations(call: Call, _query: Nothing) -> PickupLocations:
    currency = read_rules(call.session).base
    rows = [row for row in list_locations(call.session, with_inactive=False) if row.pickup]
    return PickupLocations(
        pickup_locations=[
            PickupLocation(
                location_id=ids.encode(ids.LOCATION, row.id),
                name=row.name,
                address={name: str(text) for name, text in row.address.items()},
                instructions=row.pickup["instructions"],
                ready_hours=row.pickup["ready_hours"],
                price=Money(row.pickup["price"], currency).major,
            )
            for row in rows
        ]
    )
