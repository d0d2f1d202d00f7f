"""Keep a locked shop's pages from whoever has not typed the storefront password.

The lock comes with the host lookup, so that it holds before any query and above the page cache.
"""

from __future__ import annotations

import hmac
from hashlib import sha256
from urllib.parse import urlencode

from flask import Flask, Response, g, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from souk.kernel.config import config
from souk.kernel.errors import Forbidden
from souk.web.cookies import read_cookie
from souk.web.hosts import PROBES
from souk.web.problems import wants_json
from souk.web.surfaces import PREVIEW
from tenants.resolve import ResolvedHost

PASSWORD_PAGE = "/password"  # noqa: S105 - an address
COOKIE = "souk_storefront"
# What the password page itself needs, and what is guarded by a token of its own.
_OPEN = ("/theme/", "/media/", "/admin/api/", "/webhooks/", "/orders/", "/.well-known/")
_OPEN_PAGES = PROBES | {PASSWORD_PAGE, "/robots.txt", "/favicon.ico", "/metrics"}


class StorefrontLocked(Forbidden):
    code = "storefront_locked"
    title = "This shop is not open yet"

    def __init__(self) -> None:
        super().__init__(f"This shop is not open yet; open {PASSWORD_PAGE} in a browser and type its password.")


def init_storefront_lock(app: Flask) -> None:
    """Register the gate; hosts must have been entered before it."""
    app.before_request(guard)
    app.after_request(forbid_keeping)


def guard() -> AnyResponse | None:
    shop: ResolvedHost | None = g.get("shop")
    # A preview has a pass of its own.
    if shop is None or g.surface == PREVIEW or not shop.lock or is_open(request.path) or has_key(shop):
        return None
    if wants_json():
        raise StorefrontLocked
    if request.method not in {"GET", "HEAD"}:
        return redirect(PASSWORD_PAGE, 303)
    wanted = request.full_path if request.query_string else request.path
    return redirect(f"{PASSWORD_PAGE}?{urlencode({'return_to': wanted})}" if wanted != "/" else PASSWORD_PAGE, 302)


def is_open(path: str) -> bool:
    return path in _OPEN_PAGES or path.startswith(_OPEN)


def key_of(shop: ResolvedHost) -> str:
    """Return what the browser of someone who typed the password keeps; a new password makes it worthless."""
    secret = config().secret_key.encode()
    return hmac.new(secret, f"storefront:{shop.scope.tenant_id}:{shop.lock}".encode(), sha256).hexdigest()


def has_key(shop: ResolvedHost) -> bool:
    return hmac.compare_digest(read_cookie(COOKIE).encode(), key_of(shop).encode())


def forbid_keeping(response: Response) -> Response:
    """Let no browser or proxy keep a locked shop's pages; addresses that name their content may stay."""
    shop: ResolvedHost | None = g.get("shop")
    if shop is not None and shop.lock and not request.path.startswith(("/theme/", "/media/")):
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["X-Robots-Tag"] = "noindex"
    return response
