"""Search results for pages: from the engine, or from the database with a notice while the engine is away."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from souk.catalog.cards import ProductCard, cards_by_id
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.search.engine import FacetName, SearchQuery, Sort
from souk.search.find import Found, ask, find_rows
from souk.web.search_counts import COUNTER
from souk.web.searching import engine, policy_of
from souk.web.storefront.filters import product_filters
from souk.web.storefront.language import speak_here
from souk.web.storefront.prices import Prices
from souk.web.storefront.rows import facets_in, product_row
from souk.web.storefront.search_facets import Words, asked_facets, facet_rows, read_words
from themes import rows

ALTERNATIVES = 8
_SORTS: dict[str, Sort] = {
    "price-ascending": "price-ascending",
    "price-descending": "price-descending",
    "title-ascending": "title-ascending",
    "created-descending": "created-descending",
    "rating": "best-rating",
}


def search_listing(
    scope: TenantScope, prices: Prices, query: rows.ListingQuery, offset: int, limit: int
) -> rows.ListingRow:
    """Return one window of the results; no transaction may be open, since the engine may be on the network."""
    choices = policy_of(scope).settings.facets
    asked = _asked(query, prices, offset, limit, asked_facets(choices))
    found, cards, words = _find(scope, asked, prices)
    if not offset and not query.filters:
        COUNTER.searched(scope, asked.text, found.total)
    return rows.ListingRow(
        tuple(product_row(card) for card in cards),
        found.total,
        facets_in(prices, facet_rows(found.facets, choices, words)),
        found.notice or None,
        found.suggestions,
        () if found.total or offset else _alternatives(scope, asked, prices),
    )


def _asked(
    query: rows.ListingQuery, prices: Prices, offset: int, limit: int, facets: tuple[FacetName, ...]
) -> SearchQuery:
    filters = product_filters(query, prices)
    return SearchQuery(
        text=filters.terms,
        category=filters.category,
        brands=filters.vendors,
        price_from=filters.price_min,
        price_to=filters.price_max,
        in_stock=True if filters.available else None,
        rating_min=None if filters.rating_min is None else filters.rating_min * 10,
        options=filters.options,
        sort=_SORTS.get(query.sort_by, "relevance"),
        page=offset // limit + 1,
        limit=limit,
        facets=facets,
    )


def _alternatives(scope: TenantScope, asked: SearchQuery, prices: Prices) -> tuple[rows.ProductRow, ...]:
    """Return what the words find without the filters, and the best rated products when they find nothing either.

    Of the latter what is sold out is left out, as long as anything can be bought.
    """
    for text, in_stock in dict.fromkeys(((asked.text, None), ("", True), ("", None))):
        cards = _find(scope, SearchQuery(text=text, in_stock=in_stock, limit=ALTERNATIVES), prices)[1]
        if cards:
            return tuple(product_row(card) for card in cards)
    return ()


def _find(scope: TenantScope, query: SearchQuery, prices: Prices) -> tuple[Found, list[ProductCard], Words]:
    """Return what is found, its cards, and what says the facets' words in the language of the visit."""
    wanted = policy_of(scope).applied(query)
    answer = ask(engine(), scope, wanted)
    with transaction(scope, read_only=True) as session:
        speak_here(session)
        found, cards = find_rows(session, wanted, answer, cards_among)
        return found, prices.cards(session, cards), read_words(session, found.facets)


def cards_among(session: Session, ids: Sequence[int]) -> dict[int, ProductCard]:
    """Return the cards of the visible products among `ids`."""
    return {card.id: card for card in cards_by_id(session, ids)}
