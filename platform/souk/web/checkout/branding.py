"""What a merchant sets about the look: an accent colour and the logo, a picture or a text."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from souk.kernel.settings import read_setting
from souk.web.language_prefix import prefix_of, visit_locale

DEFAULT_ACCENT = "#14532d"
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_DARK_BELOW = 140


@dataclass(frozen=True, slots=True)
class Branding:
    """`on_accent` is black or white, whichever can be read on `accent`."""

    name: str
    logo_text: str
    accent: str
    on_accent: str
    locale: str
    country: str
    email: str
    timezone: str
    # What stands before the shop's addresses in the language of this visit.
    prefix: str = ""
    # The media key of the logo; without one its text is written.
    logo: str = ""


def read_branding(session: Session) -> Branding:
    """Read the settings groups `shop` and `checkout` ({accent, logo_text, logo}); a colour that is none is left out."""
    shop, checkout = read_setting(session, "shop"), read_setting(session, "checkout")
    accent = str(checkout.get("accent") or "")
    if not _COLOUR.fullmatch(accent):
        accent = DEFAULT_ACCENT
    name = str(shop.get("name") or "Shop")
    return Branding(
        name=name,
        logo_text=str(checkout.get("logo_text") or name),
        accent=accent,
        on_accent=_text_on(accent),
        locale=visit_locale(shop),
        country=str(shop.get("country") or ""),
        email=str(shop.get("email") or ""),
        timezone=str(shop.get("timezone") or "UTC"),
        prefix=prefix_of(shop),
        logo=str(checkout.get("logo") or ""),
    )


def with_accent(brand: Branding, accent: str) -> Branding:
    """Return the branding in another colour, with a text on it that can be read; one that is none changes nothing."""
    if not _COLOUR.fullmatch(accent):
        return brand
    return replace(brand, accent=accent, on_accent=_text_on(accent))


def _text_on(accent: str) -> str:
    return "#ffffff" if _brightness(accent) < _DARK_BELOW else "#000000"


def _brightness(colour: str) -> float:
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return red * 0.299 + green * 0.587 + blue * 0.114
