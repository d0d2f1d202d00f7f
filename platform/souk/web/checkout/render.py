"""Draw a page under a strict content security policy."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.dates import format_datetime
from flask import Response, render_template

from souk.kernel.money import Money
from souk.web.checkout.assets import asset_url
from souk.web.checkout.branding import Branding
from souk.web.checkout.countries import country_name, country_options

PICTURE_WIDTH = 165


def page(template: str, brand: Branding, *, status: int = 200, **context: Any) -> Response:
    """Render `checkout/<template>`; the answer is private and never stored."""
    nonce = secrets.token_urlsafe(16)
    html = render_template(
        f"checkout/{template}",
        brand=brand,
        nonce=nonce,
        asset_url=asset_url,
        picture_url=picture_url,
        country_options=country_options,
        country_name=country_name,
        money=lambda amount, currency: Money(amount, currency).format(brand.locale),
        moment=lambda at: moment(at, brand),
        **context,
    )
    response = Response(html, status=status, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = policy(nonce)
    response.headers["Cache-Control"] = "no-store"
    # The address holds the secret of the checkout or order: no other site may learn it.
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def policy(nonce: str) -> str:
    return (
        f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; img-src 'self' https: data:;"
        " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def picture_url(key: str) -> str:
    return f"/media/{key}/{PICTURE_WIDTH}.webp"


def moment(at: datetime, brand: Branding) -> str:
    """Return a moment on the shop's own clock."""
    try:
        zone = ZoneInfo(brand.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("UTC")
    return format_datetime(at, "medium", tzinfo=zone, locale=brand.locale.replace("-", "_"))
