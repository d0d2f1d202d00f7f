"""The language of a visit: `/de/products/bowl` is the page of `/products/bowl` in German.

The prefix is taken off before anything else looks at the address, so that routes exist once. Public pages are kept
by all visitors together, so their address alone decides; private pages (cart, checkout, account) have no copies
and remember the language in a cookie. The shop's own language has no prefix: its pages tell it apart where the cookie
may hold another one, their scripts by the header `Souk-Language` and the link to it by `?language=`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Any, cast

from flask import has_request_context, request

from souk.web.cookies import cookie_name
from souk.web.hosts import placement_of
from souk.web.surfaces import SHOP

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# The languages in which the themes, our own pages and the mails are complete, in the words of their speakers.
NAMES: Mapping[str, str] = {
    "en": "English", "de": "Deutsch", "fr": "Français", "es": "Español", "ja": "日本語", "ar": "العربية",
}  # fmt: skip
LANGUAGE, PREFIX = "souk.language", "souk.language_prefix"
COOKIE = "souk_language"
_QUERY = "language="
# Their own parameter of that name stays theirs.
_PROGRAMS = "/api/"
_PRIVATE = ("/cart", "/checkout", "/account", "/orders/")
_KEPT_FOR = 365 * 24 * 3600


class LanguagePrefix:
    """WSGI middleware around the page cache, whose keys hold the prefix."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "/")
        language, _, rest = path[1:].partition("/")
        if language not in NAMES:
            return self._unprefixed(environ, start_response)
        if placement_of(environ).surface != SHOP:
            return self._app(environ, start_response)
        environ["PATH_INFO"] = f"/{rest}"
        environ[LANGUAGE], environ[PREFIX] = language, f"/{language}"
        private = environ["PATH_INFO"].startswith(_PRIVATE)

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            told = [(name, _led(value, language) if name.lower() == "location" else value) for name, value in headers]
            if private and _remembered(environ) != language:
                told.append(("Set-Cookie", _cookie(environ, language)))
            return start_response(status, told, exc_info)

        return self._app(environ, cast("StartResponse", start))

    def _unprefixed(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        told, before = _told(environ), _remembered(environ)
        if environ.get("PATH_INFO", "/").startswith(_PRIVATE):
            environ[LANGUAGE] = told or before

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            # Who has no cookie reads the shop's own language anyway.
            changed = [("Set-Cookie", _cookie(environ, told))] if told and before not in {"", told} else []
            return start_response(status, [*headers, *changed], exc_info)

        return self._app(environ, cast("StartResponse", start))


def _told(environ: WSGIEnvironment) -> str:
    """Return the language that a page says it is in; it leaves the query, so that the page is kept once."""
    query, header = environ.get("QUERY_STRING", ""), environ.get("HTTP_SOUK_LANGUAGE", "")
    if not (header or _QUERY in query) or environ.get("PATH_INFO", "/").startswith(_PROGRAMS):
        return ""
    if placement_of(environ).surface != SHOP:
        return ""
    pairs = query.split("&")
    own = [pair for pair in pairs if pair.startswith(_QUERY)]
    if own:
        environ["QUERY_STRING"] = "&".join(pair for pair in pairs if pair not in own)
    told = own[0].removeprefix(_QUERY) if own else header
    language = told.partition("-")[0].lower()
    return language if language in NAMES else ""


def _led(target: str, language: str) -> str:
    """Keep a redirect within the language; private pages know it without a prefix."""
    ours = target.startswith("/") and not target.startswith(("//", f"/{language}/", *_PRIVATE))
    return f"/{language}{target}" if ours and target.rstrip("/") != f"/{language}" else target


def _remembered(environ: WSGIEnvironment) -> str:
    try:
        found = SimpleCookie(environ.get("HTTP_COOKIE", "")).get(cookie_name(COOKIE))
    except CookieError:
        return ""
    return found.value if found is not None and found.value in NAMES else ""


def _cookie(environ: WSGIEnvironment, language: str) -> str:
    secure = "; Secure" if cookie_name(COOKIE) != COOKIE or environ.get("wsgi.url_scheme") == "https" else ""
    return f"{cookie_name(COOKIE)}={language}; Path=/; Max-Age={_KEPT_FOR}; SameSite=Lax; HttpOnly{secure}"


def published_languages(shop: Mapping[str, Any]) -> list[str]:
    """Return the languages of the settings group `shop`, its own first."""
    own = _language(str(shop.get("locale") or "en"))
    others = shop.get("locales")
    listed = [tag for tag in NAMES if isinstance(others, list) and tag in others and tag != own]
    return [own, *listed]


def _language(locale: str) -> str:
    return locale.partition("-")[0].lower()


def asked_prefix() -> str:
    """Return the prefix of this request's address, such as /de, or nothing."""
    return str(request.environ.get(PREFIX, "")) if has_request_context() else ""


def asked_language() -> str:
    """Return the language that the address or the cookie of this request asks for, published or not, or nothing."""
    return str(request.environ.get(LANGUAGE, "")) if has_request_context() else ""


def visit_locale(shop: Mapping[str, Any]) -> str:
    """Return the locale of this visit: the shop's own unless the visitor chose another one that is published."""
    own = str(shop.get("locale") or "en")
    chosen = asked_language()
    published = published_languages(shop)
    return chosen if chosen in published[1:] else own


def prefix_of(shop: Mapping[str, Any]) -> str:
    """Return what stands before the shop's addresses in the language of this visit."""
    locale = visit_locale(shop)
    return "" if locale == str(shop.get("locale") or "en") else f"/{locale}"
