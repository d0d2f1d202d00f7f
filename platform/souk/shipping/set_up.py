"""The zones of a shop that has just been opened: without any, nobody could buy what must be sent."""

from __future__ import annotations

from sqlalchemy.orm import Session

from souk.kernel.settings import read_setting
from souk.shipping.drafts import RateDraft, ZoneDraft
from souk.shipping.queries import list_zones
from souk.shipping.reach import EVERYWHERE_ELSE
from souk.shipping.save_zone import save_zone
from souk.shipping.starting_prices import starting_prices


def set_up_shipping(session: Session) -> None:
    """Deliver within the shop's country and abroad, each at one flat rate; zones that exist are left alone."""
    if list_zones(session):
        return
    shop = read_setting(session, "shop")
    domestic, abroad = starting_prices(shop["currency"])
    for name, country, price in (
        ("Domestic", shop["country"], domestic),
        ("Rest of the world", EVERYWHERE_ELSE, abroad),
    ):
        save_zone(session, ZoneDraft(name, (country,), (RateDraft("Standard", price),)))
