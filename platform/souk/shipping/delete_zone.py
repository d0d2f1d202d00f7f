"""Stop delivering to a zone."""

from __future__ import annotations

from sqlalchemy import delete
from sqlalchemy.orm import Session

from souk.kernel.events import Event
from souk.kernel.outbox import publish
from souk.shipping.errors import ZoneMissing
from souk.shipping.models import ShippingZone


def delete_zone(session: Session, zone_id: int) -> None:
    """Orders keep the rate they were placed with. Raises ZoneMissing."""
    gone = delete(ShippingZone).where(ShippingZone.id == zone_id).returning(ShippingZone.id)
    if session.execute(gone).first() is None:
        raise ZoneMissing
    publish(session, Event("settings.updated", 0, {"name": "shipping"}))
