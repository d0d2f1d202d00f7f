"""Where the pictures of an export can be loaded from."""

from __future__ import annotations

from collections.abc import Callable

from souk.catalog.importing.snapshot import OWN
from souk.media.renditions import WIDTHS

Address = Callable[[str], str]


def addresses_at(origin: str) -> Address:
    """Return what turns a picture's place into an address: its own one, or that at the shop's `origin`."""

    def address(place: str) -> str:
        return f"{origin}/media/{place.removeprefix(OWN)}/{max(WIDTHS)}.webp" if place.startswith(OWN) else place

    return address
