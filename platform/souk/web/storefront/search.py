"""The search page and its suggestions while typing."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any, TypeVar, cast
from urllib.parse import quote_plus

from flask import Response, jsonify, redirect, request
from sqlalchemy.orm import Session

from souk.kernel.db import transaction
from souk.kernel.money import Money
from souk.web.language_prefix import prefix_of, visit_locale
from souk.web.origin import refuse_cross_site
from souk.web.search_counts import COUNTER
from souk.web.searching import policy_of
from souk.web.storefront.blueprint import blueprint
from souk.web.storefront.finding import search_listing
from souk.web.storefront.language import here, speak, speak_here
from souk.web.storefront.respond import View, draw, opened, this_shop
from souk.web.storefront.suggesting import suggestions
from themes import rows

T = TypeVar("T")
MAX_TERMS = 200
MAX_SUGGESTIONS = 10


def _terms() -> str:
    return " ".join(request.args.get("q", "").replace("\x00", " ").split())[:MAX_TERMS]


def _apart(ask: Callable[[Session], T]) -> T:
    # The engine may be a service on the network: no transaction is open while it is asked.
    with transaction(this_shop().scope, read_only=True) as session:
        speak_here(session)
        return ask(session)


@blueprint.get("/search")
def search_page() -> Response:
    terms, scope = _terms(), this_shop().scope
    target = policy_of(scope).rule_of(terms).redirect
    if target:
        COUNTER.searched(scope, terms, 1)
        return cast("Response", redirect(target))
    with opened() as shop:
        front = shop.front
    view = View(
        template="search",
        page_type="search",
        title=here()("titles.results", terms=terms) if terms else here()("titles.search"),
        resource={"search": rows.SearchRow(terms, performed=bool(terms))},
    )
    response = draw(front, _apart, view, search=partial(search_listing, scope, front.prices))
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@blueprint.get("/search/suggest")
def suggest() -> Response:
    """Answer `{products, collections, pages, queries}` for what was typed so far; `limit` is 1 to 10."""
    terms, scope = _terms(), this_shop().scope
    given = request.args.get("limit", "6")
    limit = min(max(int(given), 1), MAX_SUGGESTIONS) if given.isascii() and given.isdigit() and len(given) < 4 else 6  # noqa: PLR2004
    if not terms:
        return jsonify(products=[], collections=[], pages=[], queries=[])
    shop = policy_of(scope).shop
    locale, prefix = visit_locale(shop), prefix_of(shop)
    speak(locale, prefix)
    found, prices, currency = suggestions(scope, terms, limit)
    return jsonify(
        products=[_product(row, _price(prices[row.id], currency, locale), prefix) for row in found.products],
        collections=[{"title": title, "url": f"{prefix}/collections/{handle}"} for title, handle in found.collections],
        pages=[{"title": title, "url": f"{prefix}/pages/{handle}"} for title, handle in found.pages],
        queries=[{"text": text, "url": f"{prefix}/search?q={quote_plus(text)}"} for text in found.queries],
    )


@blueprint.post("/search/clicks")
def note_click() -> tuple[str, int]:
    """Count that somebody opened a result of `q`; nothing else about the click is kept."""
    refuse_cross_site()
    COUNTER.clicked(this_shop().scope, request.form.get("q", "")[:MAX_TERMS])
    return "", 204


def _product(row: Any, price: str, prefix: str) -> dict[str, Any]:
    return {
        "title": row.title,
        "url": f"{prefix}/products/{row.handle}",
        "price_formatted": price,
        "image_url": f"/media/{row.picture}/165.webp" if row.picture else None,
        "vendor": row.vendor,
    }


@lru_cache(maxsize=4_096)
def _price(amount: int, currency: str, locale: str) -> str:
    return Money(amount, currency).format(locale)
