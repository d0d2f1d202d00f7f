"""Let buyers collect their orders at a location: on which terms, and which locations have all of an order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Row, and_, any_, bindparam, func, select, true, update
from sqlalchemy.orm import Session

from souk.addresses.complete import missing_fields, wrong_postal_code, wrong_state
from souk.addresses.fields import clean_address
from souk.catalog.models import Variant
from souk.inventory.availability import UNLIMITED
from souk.inventory.errors import BadPickup, UnknownLocation
from souk.inventory.levels import FREE
from souk.inventory.models import InventoryLevel, Location
from souk.inventory.state import FREE_UNITS
from souk.kernel.money import MAX_AMOUNT
from souk.kernel.statement import Statement

MAX_INSTRUCTIONS = 1_000
MAX_HOURS = 24 * 60
# A place has nobody's name and telephone.
_OF_A_PERSON = ("name", "phone")


@dataclass(frozen=True, slots=True)
class PickupTerms:
    """`price` is in minor units of the shop's currency; `instructions` are for the buyer, such as opening hours;
    `ready_hours` is how long it takes until the goods lie ready, 0 for at once.
    """

    price: int = 0
    instructions: str = ""
    ready_hours: int = 24


_UNITS_AT = Statement[Any](
    select(
        Location.id,
        Variant.id,
        Variant.inventory_tracked,
        func.coalesce(FREE + FREE_UNITS, 0),
    )
    .select_from(Location)
    .join(Variant, true())
    .outerjoin(InventoryLevel, and_(InventoryLevel.variant_id == Variant.id, InventoryLevel.location_id == Location.id))
    .where(
        Location.active,
        Location.id == any_(bindparam("location_ids", type_=ARRAY(BigInteger))),
        Variant.id == any_(bindparam("variant_ids", type_=ARRAY(BigInteger))),
    )
)


def offer_pickup(session: Session, location_id: int, terms: PickupTerms, address: Mapping[str, Any]) -> None:
    """Let buyers collect at a location, on these terms and at this address; a second call changes them.

    Raises:
        UnknownLocation, BadPickup, BadAddress: nothing was changed.

    """
    place = {name: text for name, text in clean_address(address).items() if text and name not in _OF_A_PERSON}
    _check_place(place)
    kept = asdict(terms) | {"instructions": terms.instructions.replace("\0", "").strip()}
    _check_terms(terms, kept["instructions"])
    _write(session, location_id, pickup=kept, address=place)


def end_pickup(session: Session, location_id: int) -> None:
    """Offer no pick-up at a location any more; orders that wait there stay. Raises UnknownLocation."""
    _write(session, location_id, pickup={})


def _write(session: Session, location_id: int, **values: Any) -> None:
    changed = update(Location).where(Location.id == location_id).values(**values).returning(Location.id)
    if session.execute(changed).first() is None:
        raise UnknownLocation(location_id)


def _check_place(place: Mapping[str, Any]) -> None:
    missing = [name for name in missing_fields(place) if name not in _OF_A_PERSON]
    if missing:
        raise BadPickup(missing[0], f"Complete the address where buyers come to: {missing[0].replace('_', ' ')}.")
    if example := wrong_postal_code(place):
        raise BadPickup("postal_code", f"This is no postal code of {place['country']}; one looks like {example}.")
    if wrong_state(place):
        raise BadPickup("state", f"{place['country']} has no such state; give its ISO 3166-2 code, such as NY.")


def _check_terms(terms: PickupTerms, instructions: str) -> None:
    if not 0 <= terms.price <= MAX_AMOUNT:
        raise BadPickup("price", "Collecting costs nothing or more.")
    if not 0 <= terms.ready_hours <= MAX_HOURS:
        raise BadPickup("ready_hours", f"Goods are ready at once or within at most {MAX_HOURS} hours.")
    if len(instructions) > MAX_INSTRUCTIONS:
        raise BadPickup("instructions", f"What buyers are told has at most {MAX_INSTRUCTIONS:,} characters.")


def pickup_place(session: Session, location_id: int) -> Row[Any] | None:
    """Return (id, name, address, pickup) of an active location that lets buyers collect there, else None."""
    columns = select(Location.id, Location.name, Location.address, Location.pickup)
    return session.execute(columns.where(Location.id == location_id, Location.active, Location.pickup != {})).first()


def locations_with_all(session: Session, location_ids: Sequence[int], wanted: Mapping[int, int]) -> set[int]:
    """Return those of the active locations that have all of `wanted` (variant -> units) on their shelves now.

    What is sold beyond the stock counts as not there: nobody can collect it.
    """
    units = units_at(session, location_ids, wanted)
    return {
        location_id
        for location_id, found in units.items()
        if all(found.get(variant_id, 0) >= quantity for variant_id, quantity in wanted.items())
    }


def units_at(
    session: Session, location_ids: Sequence[int], variant_ids: Mapping[int, int]
) -> dict[int, dict[int, int]]:
    """Return location -> variant -> free units, UNLIMITED for what is not counted."""
    found: dict[int, dict[int, int]] = {}
    rows = _UNITS_AT.all(session, location_ids=list(location_ids), variant_ids=list(variant_ids))
    for location_id, variant_id, tracked, free in rows:
        found.setdefault(location_id, {})[variant_id] = max(int(free), 0) if tracked else UNLIMITED
    return found
