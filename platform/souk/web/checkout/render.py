"""Draw a page under a strict content security policy."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from flask import Response, render_template

from souk.addresses.countries import country_name
from souk.addresses.lines import address_lines
from souk.kernel.money import Money
from souk.kernel.translations import Translator
from souk.payments.browser import BrowserPart
from souk.web.checkout.address_form import parts_of
from souk.web.checkout.assets import asset_url, module_url
from souk.web.checkout.branding import Branding
from souk.web.checkout.countries import country_options
from souk.web.checkout.dates import day, moment
from souk.web.code_problems import reason_text
from souk.web.texts import TEXTS, explain

PICTURE_WIDTH = 165
# A logo is 3 rem high and may be six times as wide, on screens of double density.
LOGO_WIDTH = 533
_TOLD_IN_DAYS = 2
RIGHT_TO_LEFT = frozenset(["ar"])


def page(template: str, brand: Branding, *, status: int = 200, **context: Any) -> Response:
    return drawn(f"checkout/{template}", brand, status=status, **context)


def drawn(template: str, brand: Branding, *, status: int = 200, **context: Any) -> Response:
    """Render one of our own pages in the shop's language; the answer is private and never stored."""
    nonce, translate = secrets.token_urlsafe(16), TEXTS.translator(brand.locale)
    html = render_template(
        template,
        brand=brand,
        nonce=nonce,
        asset_url=asset_url,
        module_url=module_url,
        picture_url=picture_url,
        logo_url=logo_url,
        country_options=country_options,
        pairs=lambda choices: [(one, one) for one in choices],
        country_name=country_name,
        t=translate,
        lang=TEXTS.language(brand.locale),
        direction="rtl" if TEXTS.language(brand.locale) in RIGHT_TO_LEFT else "ltr",
        home=f"{brand.prefix}/",
        named=lambda key, name: _or(translate(key), key, name),
        explained=lambda error: explain(error, translate),
        code_problem=lambda refused: reason_text(translate, refused),
        address_parts=lambda country, state: parts_of(country, with_state=bool(state)),
        address_lines=lambda to: address_lines(to, brand.locale),
        money=lambda amount, currency: Money(amount, currency).format(brand.locale),
        moment=lambda at: moment(at, brand),
        ready_in=lambda hours: ready_in(hours, translate),
        day=lambda at: day(at, brand),
        **context,
    )
    response = Response(html, status=status, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = policy(nonce, context.get("parts", ()))
    response.headers["Cache-Control"] = "private, no-store"
    # The address holds the secret of the checkout or order: no other site may learn it.
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def policy(nonce: str, parts: Sequence[BrowserPart] = ()) -> str:
    """Return the policy of a page; a payment provider's part opens it for that provider's own origins, no more."""
    scripts = "".join(f" {origin_of(script)}" for part in parts for script in part.scripts)
    connects = "".join(f" {origin}" for part in parts for origin in part.connects)
    frames = " ".join(origin for part in parts for origin in part.frames) or "'none'"
    return (
        f"default-src 'none'; script-src 'nonce-{nonce}'{scripts}; style-src 'nonce-{nonce}';"
        f" img-src 'self' https: data:; connect-src 'self'{connects}; frame-src {frames}; form-action 'self';"
        " base-uri 'none'; frame-ancestors 'none'"
    )


def ready_in(hours: int, translate: Translator) -> str:
    """Say when goods lie ready to be collected; whole days from two on are told in days."""
    if not hours:
        return translate("pickup.ready_now")
    whole, rest = divmod(hours, 24)
    return (
        translate("pickup.ready_hours", hours)
        if rest or whole < _TOLD_IN_DAYS
        else translate("pickup.ready_days", whole)
    )


def origin_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def picture_url(key: str) -> str:
    return f"/media/{key}/{PICTURE_WIDTH}.webp"


def logo_url(key: str) -> str:
    return f"/media/{key}/{LOGO_WIDTH}.webp"


def _or(text: str, key: str, name: str) -> str:
    """What a plugin brings has its own name, unless the texts know it."""
    return name if text == key else text
