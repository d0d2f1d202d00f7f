"""Draw a page under a strict content security policy."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Response, render_template

from souk.kernel.money import Money
from souk.web.checkout.address_form import parts_of
from souk.web.checkout.assets import asset_url
from souk.web.checkout.branding import Branding
from souk.web.checkout.countries import country_name, country_options
from souk.web.checkout.dates import day, moment
from souk.web.code_problems import reason_text
from souk.web.texts import TEXTS, explain

PICTURE_WIDTH = 165


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
        picture_url=picture_url,
        country_options=country_options,
        country_name=country_name,
        t=translate,
        lang=TEXTS.language(brand.locale),
        named=lambda key, name: _or(translate(key), key, name),
        explained=lambda error: explain(error, translate),
        code_problem=lambda refused: reason_text(translate, refused),
        address_parts=lambda country, state: parts_of(country, with_state=bool(state)),
        money=lambda amount, currency: Money(amount, currency).format(brand.locale),
        moment=lambda at: moment(at, brand),
        day=lambda at: day(at, brand),
        **context,
    )
    response = Response(html, status=status, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = policy(nonce)
    response.headers["Cache-Control"] = "private, no-store"
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


def _or(text: str, key: str, name: str) -> str:
    """What a plugin brings has its own name, unless the texts know it."""
    return name if text == key else text
