"""The search page and its suggestions while typing."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar
from urllib.parse import quote_plus

from flask import Response, jsonify, request
from sqlalchemy.orm import Session

from souk.catalog.cards import ProductCard
from souk.catalog.collection_queries import list_collections
from souk.kernel.db import transaction
from souk.kernel.money import Money
from souk.web.storefront.blueprint import blueprint
from souk.web.storefront.finding import search_listing, suggest_products, suggest_queries
from souk.web.storefront.front import Front
from souk.web.storefront.respond import View, draw, opened, this_shop
from themes import rows

T = TypeVar("T")
MAX_TERMS = 200
MAX_SUGGESTIONS = 10


def _terms() -> str:
    return " ".join(request.args.get("q", "").replace("\x00", " ").split())[:MAX_TERMS]


def _apart(ask: Callable[[Session], T]) -> T:
    # The engine may be a service on the network: no transaction is open while it is asked.
    with transaction(this_shop().scope, read_only=True) as session:
        return ask(session)


@blueprint.get("/search")
def search_page() -> Response:
    with opened() as shop:
        front = shop.front
    terms = _terms()
    view = View(
        template="search",
        page_type="search",
        title=f"Search: {terms}" if terms else "Search",
        resource={"search": rows.SearchRow(terms, performed=bool(terms))},
    )
    scope, currency = this_shop().scope, front.shop.currency
    response = draw(front, _apart, view, search=partial(search_listing, scope, currency))
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@blueprint.get("/search/suggest")
def suggest() -> Response:
    """Answer `{products, collections, queries}` for what was typed so far; `limit` is 1 to 10."""
    terms = _terms()
    given = request.args.get("limit", "6")
    limit = min(max(int(given), 1), MAX_SUGGESTIONS) if given.isascii() and given.isdigit() and len(given) < 4 else 6  # noqa: PLR2004
    if not terms:
        return jsonify(products=[], collections=[], queries=[])
    with opened() as shop:
        front = shop.front
        all_collections, _total = list_collections(shop.session, limit=100)
    matching = [record for record in all_collections if terms.casefold() in record.title.casefold()][:3]
    scope = this_shop().scope
    products, queries = suggest_products(scope, terms, limit), suggest_queries(scope, terms, 4)
    return jsonify(
        products=[_product(card, front) for card in products],
        collections=[{"title": record.title, "url": f"/collections/{record.handle}"} for record in matching],
        queries=[{"text": text, "url": f"/search?q={quote_plus(text)}"} for text in queries],
    )


def _product(card: ProductCard, front: Front) -> dict[str, Any]:
    picture = card.picture
    return {
        "title": card.title,
        "url": f"/products/{card.handle}",
        "price_formatted": Money(card.price_min, front.shop.currency).format(front.shop.locale),
        "image_url": f"/media/{picture.key}/165.webp" if picture else None,
        "vendor": card.vendor,
    }
