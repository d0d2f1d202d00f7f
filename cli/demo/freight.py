"""Heavy goods of a demo shop, which a forwarder brings instead of the parcel service."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.catalog.models import Product
from souk.shipping.drafts import RateDraft, ZoneDraft
from souk.shipping.profiles import set_profile
from souk.shipping.save_zone import save_zone

PROFILE = "Freight"
_TITLES = ("Ember Fire Bowl",)
_RATES = (
    RateDraft("Freight to the curb", 4900, "freight", delivery_days=(5, 9)),
    RateDraft("Freight to your room of choice", 8900, "freight-room", delivery_days=(7, 12)),
)


def set_up_freight(session: Session) -> None:
    """Send the heavy goods by zones of their own, within the country only."""
    save_zone(session, ZoneDraft("United States, freight", ("US",), _RATES, PROFILE))
    set_profile(session, list(session.scalars(select(Product.id).where(Product.title.in_(_TITLES)))), PROFILE)
