"""Decide from the host name, before anything else, whose request this is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import psycopg
from flask import Flask, g, redirect, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from souk.kernel.config import config
from souk.kernel.errors import NotFound, SoukError, Unavailable
from souk.web.surfaces import ADMIN, PLATFORM, PREVIEW, SHOP, UNKNOWN
from tenants.errors import BadHost
from tenants.hosts import normalize_host
from tenants.resolve import ResolvedHost, resolve_host, resolve_slug

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

PROBES = frozenset(["/healthz", "/readyz"])
METRICS = "/metrics"
# A program keeps the host it was given; a redirect would lose its Authorization header.
_NEVER_REDIRECTED = ("/api/", "/webhooks/")
_KEY = "souk.placement"


class UnknownHost(NotFound):
    code = "unknown_host"

    def __init__(self) -> None:
        super().__init__("No shop has this address; check its spelling.")


class ShopSuspended(Unavailable):
    code = "shop_suspended"
    title = "This shop is closed for the moment"

    def __init__(self) -> None:
        super().__init__("This shop is closed for the moment; please come back later.")


class HostsUnreachable(Unavailable):
    def __init__(self) -> None:
        super().__init__("The platform cannot look up this address right now; try again in a moment.")


@dataclass(frozen=True, slots=True)
class Placement:
    """`shop` is set on shop hosts only; `unreachable` says that the list of hosts could not be read."""

    surface: str
    shop: ResolvedHost | None = None
    unreachable: bool = False


def placement_of(environ: WSGIEnvironment) -> Placement:
    """Return the surface and shop of a request, looked up once."""
    found = environ.get(_KEY)
    if found is None:
        found = environ[_KEY] = _place(environ.get("HTTP_HOST", ""), environ.get("PATH_INFO", "/"))
    return cast("Placement", found)


def _place(raw_host: str, path: str) -> Placement:
    try:
        host = normalize_host(raw_host)
    except BadHost:
        return Placement(UNKNOWN)
    base = config().base_domain
    if host == base:
        return Placement(PLATFORM)
    if host == f"admin.{base}":
        return Placement(ADMIN)
    # Probes must answer while the database is away.
    return Placement(UNKNOWN) if path in PROBES else _shop(host, f".preview.{base}")


def _shop(host: str, previews: str) -> Placement:
    slug = host.removesuffix(previews)
    try:
        shop = resolve_host(host) if slug == host else resolve_slug(slug, host)
    except (SQLAlchemyError, SoukError, psycopg.Error):
        return Placement(UNKNOWN, unreachable=True)
    return Placement(UNKNOWN) if shop is None else Placement(SHOP if slug == host else PREVIEW, shop)


def preview_host(slug: str) -> str:
    """Return where a shop's themes are shown before they are live."""
    return f"{slug}.preview.{config().base_domain}"


def init_hosts(app: Flask) -> None:
    """Set `g.surface` and `g.shop`; refuse unknown hosts and closed shops, send others to the primary host."""
    app.before_request(enter)


def enter() -> Response | None:
    place = placement_of(request.environ)
    g.surface, g.shop = place.surface, place.shop
    if request.path in PROBES:
        return None
    if place.unreachable:
        raise HostsUnreachable
    if place.surface == UNKNOWN and request.path != METRICS:
        raise UnknownHost
    return None if place.shop is None else _enter_shop(place.shop, place.surface)


def _enter_shop(shop: ResolvedHost, surface: str) -> Response | None:
    if shop.status != "active":
        raise ShopSuspended
    stays = shop.is_primary or surface == PREVIEW or request.method not in {"GET", "HEAD"}
    if stays or request.path.startswith(_NEVER_REDIRECTED):
        return None
    address = request.full_path if request.query_string else request.path
    # The key of souk.web.language_prefix, which looks up hosts itself.
    prefix = request.environ.get("souk.language_prefix", "")
    # Two slashes at the start would name another host.
    return redirect(f"{config().origin(shop.primary_host)}{prefix}/{address.lstrip('/')}", 301)
