"""What a visitor chose on the storefront's form: a currency and a country, remembered as `EUR.DE`.

Public pages are kept by all visitors together, so that their place in the page cache holds this choice; whether the
shop sells in the currency is decided where its settings are read.
"""

from __future__ import annotations

import re
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING

from flask import has_request_context, request

from souk.web.cookies import cookie_name

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

COOKIE = "souk_market"
KEPT_FOR = 365 * 24 * 3600
# Nothing else may become a part of a cache's key.
_FORM = re.compile(r"([A-Z]{3})?\.([A-Z]{2})?")


def market_value(currency: str, country: str) -> str:
    """Return the cookie's value; empty where neither is one."""
    value = f"{currency}.{country}"
    return value if value != "." and _FORM.fullmatch(value) else ""


def visit_country() -> str:
    """Return the country that the visitor of this request chose, or nothing."""
    return remembered_market(request.environ).partition(".")[2] if has_request_context() else ""


def remembered_market(environ: WSGIEnvironment) -> str:
    """Return the cookie's value when it has the right form, else nothing."""
    cookie = environ.get("HTTP_COOKIE", "")
    if COOKIE not in cookie:
        return ""
    try:
        found = SimpleCookie(cookie).get(cookie_name(COOKIE))
    except CookieError:
        return ""
    return found.value if found is not None and found.value != "." and _FORM.fullmatch(found.value) else ""
