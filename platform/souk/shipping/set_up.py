"""The zones of a shop that has just been opened: without any, nobody could buy what must be sent."""

from __future__ import annotations

from sqlalchemy.orm import Session

from souk.kernel.money import exponent
from souk.kernel.settings import read_setting
from souk.shipping.drafts import RateDraft, ZoneDraft
from souk.shipping.queries import list_zones
from souk.shipping.quote import EVERYWHERE_ELSE
from souk.shipping.save_zone import save_zone

# 5.00 and 20.00, or 500 and 2,000 of a currency without decimals: a price to start from, which the merchant changes.
DOMESTIC, ABROAD = 500, 2_000
_USUAL_EXPONENT = 2


def set_up_shipping(session: Session) -> None:
    """Deliver within the shop's country and abroad, each at one flat rate; zones that exist are left alone."""
    if list_zones(session):
        return
    shop = read_setting(session, "shop")
    scale = 10 ** max(0, exponent(shop["currency"]) - _USUAL_EXPONENT)
    for name, country, price in (
        ("Domestic", shop["country"], DOMESTIC),
        ("Rest of the world", EVERYWHERE_ELSE, ABROAD),
    ):
        save_zone(session, ZoneDraft(name, (country,), (RateDraft("Standard", price * scale),)))
