"""The places that hold stock: make them, name them, order them, close them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, insert, or_, select, text, update
from sqlalchemy.orm import Session

from souk.catalog.selling_policy import align_variants
from souk.inventory.errors import (
    BadLocationName,
    LastLocation,
    LocationExpectsGoods,
    LocationNameTaken,
    UnknownLocation,
)
from souk.inventory.models import InventoryLevel, InventoryTransfer, Location
from souk.inventory.notice import refresh_products

MAX_NAME = 80
# Two people who close the last two locations at once must not both find another one open.
_ONE_AT_A_TIME = text("SELECT id FROM locations ORDER BY id FOR UPDATE")


@dataclass(frozen=True, slots=True)
class LocationRow:
    """`priority` is the order in which orders are served, the lowest first; an inactive one serves no new orders."""

    id: int
    name: str
    address: Mapping[str, Any]
    active: bool
    priority: int
    # {price, instructions, ready_hours} as `souk.inventory.pickup` keeps it; empty where nothing is handed over.
    pickup: Mapping[str, Any] = field(default_factory=dict)


def list_locations(session: Session, *, with_inactive: bool = True) -> list[LocationRow]:
    """Return the shop's locations, the active ones first, in the order in which they serve."""
    columns = (Location.id, Location.name, Location.address, Location.active, Location.priority, Location.pickup)
    query = select(*columns)
    if not with_inactive:
        query = query.where(Location.active)
    ordered = query.order_by(Location.active.desc(), Location.priority, Location.id)
    return [LocationRow(*row) for row in session.execute(ordered)]


def create_location(session: Session, name: str, address: Mapping[str, Any] | None = None) -> int:
    """Make an active location that serves after all others, and return its id.

    Raises BadLocationName, LocationNameTaken.
    """
    cleaned = _free_name(session, name, own=None)
    last = select(func.coalesce(func.max(Location.priority), 0) + 1).scalar_subquery()
    row = insert(Location).values(name=cleaned, address=dict(address or {}), priority=last)
    return session.execute(row.returning(Location.id)).scalar_one()


def rename_location(session: Session, location_id: int, name: str, address: Mapping[str, Any] | None = None) -> None:
    """Give a location another name, and another address unless that is None.

    Raises:
        UnknownLocation, BadLocationName, LocationNameTaken: nothing was changed.

    """
    values: dict[str, Any] = {"name": _free_name(session, name, own=location_id)}
    if address is not None:
        values["address"] = dict(address)
    _update(session, location_id, values)


def order_locations(session: Session, location_ids: Sequence[int]) -> None:
    """Let orders be served from these locations in this order; locations that are left out follow in their old order.

    Raises UnknownLocation.
    """
    known = list(session.scalars(select(Location.id).order_by(Location.priority, Location.id).with_for_update()))
    unknown = [location_id for location_id in location_ids if location_id not in known]
    if unknown:
        raise UnknownLocation(unknown[0])
    wanted = list(dict.fromkeys(location_ids))
    for priority, location_id in enumerate([*wanted, *(one for one in known if one not in wanted)], 1):
        _update(session, location_id, {"priority": priority})
    _follow(session, known)


def deactivate_location(session: Session, location_id: int) -> None:
    """Sell nothing more from a location; what was ordered from it is still sent from it, its stock stays counted.

    Raises:
        UnknownLocation, LastLocation, LocationExpectsGoods: nothing was changed.

    """
    session.execute(_ONE_AT_A_TIME)
    others = select(func.count()).where(Location.active, Location.id != location_id)
    if not session.execute(others).scalar_one():
        raise LastLocation
    expected = select(func.count()).where(
        InventoryTransfer.status == "in_transit",
        or_(InventoryTransfer.destination_id == location_id, InventoryTransfer.origin_id == location_id),
    )
    transfers = session.execute(expected).scalar_one()
    if transfers:
        raise LocationExpectsGoods(transfers)
    _update(session, location_id, {"active": False})
    _follow(session, [location_id])


def activate_location(session: Session, location_id: int) -> None:
    """Sell from a location again; raises UnknownLocation."""
    _update(session, location_id, {"active": True})
    _follow(session, [location_id])


def _follow(session: Session, location_ids: Sequence[int]) -> None:
    """Let back-orders and the catalogue follow: other levels are first now, other products can be bought."""
    at = select(InventoryLevel.variant_id).where(InventoryLevel.location_id.in_(location_ids)).distinct()
    variants = list(session.scalars(at))
    align_variants(session, variants)
    refresh_products(session, variants)


def _free_name(session: Session, name: str, *, own: int | None) -> str:
    cleaned = " ".join(name.split())
    if not 0 < len(cleaned) <= MAX_NAME or "\x00" in cleaned:
        raise BadLocationName(MAX_NAME)
    taken = select(Location.id).where(func.lower(Location.name) == func.lower(cleaned))
    if own is not None:
        taken = taken.where(Location.id != own)
    if session.execute(taken).first():
        raise LocationNameTaken(cleaned)
    return cleaned


def _update(session: Session, location_id: int, values: Mapping[str, Any]) -> None:
    changed = update(Location).where(Location.id == location_id).values(**values).returning(Location.id)
    if session.execute(changed).first() is None:
        raise UnknownLocation(location_id)
