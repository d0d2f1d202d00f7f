"""Read the shop's shipping zones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.shipping.errors import ZoneMissing
from souk.shipping.models import ShippingZone

_ZONES = select(ShippingZone.id, ShippingZone.name, ShippingZone.countries, ShippingZone.rates, ShippingZone.profile)


@dataclass(frozen=True, slots=True)
class Zone:
    """`rates` are as `ShippingZone` keeps them."""

    id: int
    name: str
    countries: Sequence[str]
    rates: Sequence[Mapping[str, Any]]
    profile: str = ""


def list_zones(session: Session) -> list[Zone]:
    """Return all zones in the merchant's order, those without a profile first."""
    ordered = _ZONES.order_by(ShippingZone.profile, ShippingZone.position, ShippingZone.id)
    return [Zone(*row) for row in session.execute(ordered)]


def read_zone(session: Session, zone_id: int) -> Zone:
    """Raises ZoneMissing."""
    row = session.execute(_ZONES.where(ShippingZone.id == zone_id)).first()
    if row is None:
        raise ZoneMissing
    return Zone(*row)
