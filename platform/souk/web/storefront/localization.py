"""Choose currency, country and language: one form, which works without a script and leads back to its page."""

from __future__ import annotations

from contextlib import suppress

from flask import redirect, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from souk.addresses.countries import countries
from souk.cart.errors import UnknownCart
from souk.cart.switch_market import switch_market
from souk.checkout.start import follow_cart
from souk.kernel.db import transaction
from souk.kernel.settings import read_setting
from souk.pricing.rules import Market, Rules, rules_of
from souk.web.cookies import CART, read_cookie, set_cookie
from souk.web.language_prefix import published_languages
from souk.web.market_cookie import COOKIE, KEPT_FOR, market_value, remembered_market
from souk.web.origin import refuse_cross_site
from souk.web.storefront.blueprint import blueprint
from souk.web.storefront.prices import visit_groups
from souk.web.storefront.respond import this_shop


@blueprint.post("/localization")
def localization() -> Response:
    """Take `currency` (ISO 4217), `country` (ISO 3166-1 alpha-2), `language` and `return_to`, each as it is given.

    A country without a currency brings its own; what the shop does not know changes nothing. The cart follows.
    """
    refuse_cross_site()
    with transaction(this_shop().scope, configured=True, durable=False) as session:
        shop = read_setting(session, "shop")
        rules = rules_of(shop)
        currency, country = _chosen(rules)
        market = rules.market(currency, country, visit_groups(session, rules))
        _move_cart(session, market)
        languages = published_languages(shop)
    response = redirect(_target(languages), 303)
    set_cookie(response, COOKIE, market_value(currency, country), max_age=KEPT_FOR)
    return response


def _chosen(rules: Rules) -> tuple[str, str]:
    before = remembered_market(request.environ).partition(".")
    country = request.form.get("country", "").upper()
    country = country if country in dict(countries("en", "")) else before[2]
    currency = request.form.get("currency", "").upper()
    if currency not in rules.currencies:
        # A new country shows its own currency; the one that was chosen by name stays otherwise.
        currency = before[0] if country == before[2] else ""
    return currency, country


def _move_cart(session: Session, market: Market) -> None:
    token = read_cookie(CART)
    with suppress(UnknownCart):
        if token:
            follow_cart(session, switch_market(session, token, market), market.currency)


def _target(languages: list[str]) -> str:
    """Return where the form was, in the language that was chosen."""
    path = request.form.get("return_to", "/")
    if not path.startswith("/") or path.startswith(("//", "/\\")) or not path.isprintable() or len(path) > 1_000:  # noqa: PLR2004
        path = "/"
    language = request.form.get("language", "").lower()
    if language not in languages:
        return path
    first, _, rest = path[1:].partition("/")
    plain = f"/{rest}" if first in languages[1:] else path
    return plain if language == languages[0] else f"/{language}{plain}".rstrip("/")
