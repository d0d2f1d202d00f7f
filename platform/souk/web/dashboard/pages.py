"""Render dashboard pages: what every template gets, and how amounts and times are written."""

from __future__ import annotations

from collections.abc import Callable, Container
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.dates import format_datetime
from flask import flash, g, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from souk.addresses.lines import address_lines
from souk.kernel.config import config
from souk.kernel.money import Money
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission, allows
from souk.web.dashboard.navigation import navigation_for

PER_PAGE = 50
# One of souk.media.renditions.WIDTHS.
PICTURE_WIDTH = 360


def page(template: str, **values: Any) -> str:
    """Render `dashboard/<template>`; `access` and `shops` are there once `in_shop` has run."""
    access: ShopAccess | None = g.get("access")
    values.setdefault("error", None)
    return render_template(
        f"dashboard/{template}",
        access=access,
        current_user=current_user,
        shops=g.get("shops", []),
        settings=g.get("shop_settings", {}),
        shop_url=config().origin(access.primary_host) if access else "",
        may=lambda name: access is not None and allows(access.role, Permission[name]),
        navigation=navigation_for(access.role) if access else (),
        **values,
    )


def done(message: str, endpoint: str, access: ShopAccess, **values: Any) -> Response:
    """Say that it worked and go to another page, so that a reload does not send the form again."""
    flash(message)
    return redirect(url_for(f"dashboard.{endpoint}", slug=access.slug, **values), 303)


def asked(name: str, known: Container[str] | None = None) -> str:
    """Return a text of the address, at most 100 characters; empty when it is none of `known`."""
    text = request.args.get(name, "").replace("\0", "").strip()[:100]
    return text if known is None or text in known else ""


def page_number(raw: str | None) -> int:
    """Return a page from 1 to 10,000, whatever the address says."""
    return min(max(int(raw), 1), 10_000) if raw and raw.isascii() and raw.isdecimal() and len(raw) < 9 else 1  # noqa: PLR2004 - beyond any page


def zone() -> ZoneInfo:
    """Return the shop's time zone; UTC where the setting names none that exists."""
    try:
        return ZoneInfo(str(g.get("shop_settings", {}).get("timezone") or "UTC"))
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def money(amount: int | None, currency: str = "") -> str:
    settings = g.get("shop_settings", {})
    return Money(amount or 0, currency or settings.get("currency", "USD")).format(settings.get("locale") or "en")


def major(amount: int, currency: str) -> str:
    """Write an amount as a form takes it: 12.50."""
    return str(Money(amount, currency).major)


def when(moment: datetime | None) -> str:
    return format_datetime(moment, "d MMM y, HH:mm", tzinfo=zone(), locale="en") if moment else ""


def local(moment: datetime) -> str:
    """Write a time by the shop's clock as an input of type datetime-local takes it."""
    return moment.astimezone(zone()).strftime("%Y-%m-%dT%H:%M")


def words(name: str) -> str:
    """Write a status value such as `partially_paid` for people."""
    return name.replace("_", " ").replace(".", " ").capitalize()


def picture_url(key: str) -> str:
    """Return where the shop's own host shows a stored picture, 360 pixels wide."""
    return f"{config().origin(g.access.primary_host)}/media/{key}/{PICTURE_WIDTH}.webp"


def combine_page(arguments: dict[str, str], number: int) -> str:
    """Return the query string of another page of the same list."""
    return urlencode(arguments | {"page": str(number)})


FILTERS: dict[str, Callable[..., Any]] = {
    "address_lines": lambda address: address_lines(address, "en"),
    "money": money,
    "major": major,
    "when": when,
    "local": local,
    "words": words,
    "combine_page": combine_page,
}
