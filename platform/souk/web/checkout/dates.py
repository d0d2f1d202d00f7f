"""Days and times on the shop's own clock, as a reader of its language writes them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.dates import format_date, format_time, get_datetime_format

from souk.web.checkout.branding import Branding


def moment(at: datetime, brand: Branding) -> str:
    """Return day and time on the shop's own clock; seconds are for machines."""
    locale = _locale(brand)
    time = format_time(at, "short", tzinfo=_zone(brand), locale=locale)
    pattern = str(get_datetime_format("medium", locale=locale)).replace("'", "")
    return pattern.replace("{0}", time).replace("{1}", day(at, brand))


def day(at: datetime, brand: Branding) -> str:
    return format_date(at.astimezone(_zone(brand)), "medium", locale=_locale(brand))


def _zone(brand: Branding) -> ZoneInfo:
    try:
        return ZoneInfo(brand.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def _locale(brand: Branding) -> str:
    return brand.locale.replace("-", "_")
