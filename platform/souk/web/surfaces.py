"""The kinds of host: each has its own routes, so that `/` can mean a shop, the dashboard or the platform."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, Request, abort, g
from werkzeug.routing import MapAdapter

SHOP = "shop"
ADMIN = "admin"
PLATFORM = "platform"
PREVIEW = "preview"
UNKNOWN = "unknown"
SURFACES = (SHOP, ADMIN, PLATFORM, PREVIEW, UNKNOWN)
# A page of the preview is asked for by POST when its body carries settings that are not saved yet.
DRAFT_HEADER = "X-Souk-Draft"


class SurfaceFlask(Flask):
    """Matches routes by surface: a blueprint registered with `subdomain=SHOP` exists on shop hosts only."""

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        if request is None:
            return super().create_url_adapter(None)
        # Late import: `souk.web.hosts` names the surfaces of this module.
        from souk.web.hosts import placement_of  # noqa: PLC0415

        surface = placement_of(request.environ).surface
        adapter = self.url_map.bind_to_environ(request.environ, server_name="souk.invalid", subdomain=surface)
        if surface == PREVIEW and request.method == "POST" and DRAFT_HEADER in request.headers:
            adapter.default_method = "GET"
        return adapter


def only(*surfaces: str) -> Callable[[], None]:
    """Return a before_request function that answers 404 on every other surface."""

    def check() -> None:
        if g.get("surface") not in surfaces:
            abort(404)

    return check
