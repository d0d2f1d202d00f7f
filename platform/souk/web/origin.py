"""Refuse what another site's page sends with our visitor's cookies; shared HTML can hold no CSRF token."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import request

from souk.kernel.errors import Forbidden

_SAFE = frozenset(["GET", "HEAD", "OPTIONS"])


class CrossSiteRefused(Forbidden):
    code = "cross_site"

    def __init__(self) -> None:
        super().__init__("This form was sent from another site; open the page here and send it again.")


def refuse_cross_site() -> None:
    """Raise CrossSiteRefused for a changing request that a browser made for a page of another origin.

    A request with neither Sec-Fetch-Site nor Origin comes from no browser that runs other sites' pages.
    """
    if request.method in _SAFE:
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site not in {"same-origin", "none"}:
            raise CrossSiteRefused
        return
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc.lower() != request.host.lower():
        raise CrossSiteRefused
