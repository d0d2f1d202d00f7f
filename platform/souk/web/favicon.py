"""The icon of a tab on every host: browsers ask for it unasked, and a 404 would stand in everybody's console."""

from __future__ import annotations

from flask import Flask, Response, g
from markupsafe import Markup

from souk.web.surfaces import SURFACES

_ICON = Markup(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" rx="14" fill="#22201d"/>'
    '<text x="32" y="33" fill="#fff" font-family="system-ui,sans-serif" font-size="38" font-weight="700"'
    ' text-anchor="middle" dominant-baseline="central">{}</text></svg>'
)
_A_DAY = "public, max-age=86400"


def init_favicon(app: Flask) -> None:
    for surface in SURFACES:
        app.add_url_rule("/favicon.ico", "favicon", favicon, subdomain=surface)


def favicon() -> Response:
    """Draw the initial of the shop; a theme that has a picture of its own names it in its pages."""
    shop = g.get("shop")
    name = shop.name.strip() if shop is not None else "Souk"
    response = Response(_ICON.format((name or "S")[0].upper()), content_type="image/svg+xml")
    response.headers["Cache-Control"] = _A_DAY
    return response
