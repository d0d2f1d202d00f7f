"""The workshop of a demo shop, where its orders can be picked up."""

from __future__ import annotations

from sqlalchemy.orm import Session

from souk.inventory.locations import list_locations, rename_location
from souk.inventory.pickup import PickupTerms, offer_pickup

PICKUP_SHOP = "ember"
PLACE = "Mill Street workshop"
_ADDRESS = {
    "line1": "18 Mill Street", "city": "Brattleboro", "state": "VT", "postal_code": "05301", "country": "US",
}  # fmt: skip
_HOURS = "Tue to Sat 10 am to 6 pm. Ring at the green door."


def open_workshop(session: Session) -> None:
    """Let buyers pick up at the location that holds the shop's stock."""
    place = list_locations(session)[0].id
    rename_location(session, place, PLACE)
    offer_pickup(session, place, PickupTerms(instructions=_HOURS, ready_hours=4), _ADDRESS)
