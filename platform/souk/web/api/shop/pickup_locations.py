"""Where a shop's orders can be collected."""

from __future__ import annotations

from collections import Counter

from sqlalchemy.orm import Session

from souk.inventory.locations import LocationRow, list_locations
from souk.inventory.pickup import locations_with_all
from souk.kernel import ids
from souk.kernel.goods_names import Names, place_words, read_names
from souk.kernel.money import Money
from souk.orders.goods import goods_of
from souk.pricing.rules import read_rules
from souk.web.api.definition import shop_api
from souk.web.api.operations import Call
from souk.web.api.schemas.orders import PickupLocation, PickupLocations, PickupParameters


@shop_api.operation(
    "GET",
    "/pickup-locations",
    summary="List the places where orders can be collected, or those that have all of some goods",
    tag="orders",
    takes=PickupParameters,
    answers=PickupLocations,
    problems={422: "`unknown_goods`: this shop does not sell a variant of `items`."},
)
def list_pickup_locations(call: Call, query: PickupParameters) -> PickupLocations:
    session = call.session
    rows = [row for row in list_locations(session, with_inactive=False) if row.pickup]
    if query.items and rows:
        able = locations_with_all(session, [row.id for row in rows], _from_shelf(session, query.items))
        rows = [row for row in rows if row.id in able]
    words = {word for row in rows for word in place_words({"name": row.name, **row.pickup})}
    names, currency = read_names(session, query.locale, [], words), read_rules(session).base
    return PickupLocations(pickup_locations=[_view(row, names, currency) for row in rows])


def _from_shelf(session: Session, items: str) -> dict[int, int]:
    """Return variant -> units, bundles as their parts; raises UnknownGoods."""
    wanted: Counter[int] = Counter()
    for item in filter(None, items.split(",")):
        name, _, units = item.partition(":")
        wanted[ids.decode(ids.VARIANT, name)] += int(units or 1)
    taken: Counter[int] = Counter()
    for variant_id, goods in goods_of(session, wanted).items():
        for part, pieces in goods.from_shelf(wanted[variant_id]):
            taken[part] += pieces
    return taken


def _view(row: LocationRow, names: Names, currency: str) -> PickupLocation:
    return PickupLocation(
        location_id=ids.encode(ids.LOCATION, row.id),
        name=names.word(row.name),
        address={name: str(text) for name, text in row.address.items()},
        instructions=names.passage(row.pickup["instructions"]),
        ready_hours=row.pickup["ready_hours"],
        price=Money(row.pickup["price"], currency).major,
    )
