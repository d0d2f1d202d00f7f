"""Search results for pages: from the engine, or from the database with a notice while the engine is away."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from souk.catalog.cards import ProductCard, cards_by_id
from souk.catalog.facets import FacetCount
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.search.engine import Facet, SearchQuery, Sort
from souk.search.find import Found, ask, ask_completions, completions, find_rows
from souk.web.searching import engine, policy_of
from souk.web.storefront.filters import product_filters
from souk.web.storefront.rows import facet_rows, product_row
from themes import rows

_SORTS: dict[str, Sort] = {
    "price-ascending": "price-ascending",
    "price-descending": "price-descending",
    "title-ascending": "title-ascending",
    "created-descending": "created-descending",
    "rating": "best-rating",
}
_TRUE = frozenset(["true", "True", "1"])


def search_listing(
    scope: TenantScope, currency: str, query: rows.ListingQuery, offset: int, limit: int
) -> rows.ListingRow:
    """Return one window of the results; no transaction may be open, since the engine may be on the network."""
    filters = product_filters(query, currency)
    asked = SearchQuery(
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
        facets=("category", "brand", "in_stock", "price", "options"),
    )
    found, cards = _find(scope, asked)
    return rows.ListingRow(
        tuple(product_row(card) for card in cards),
        found.total,
        facet_rows(_counts(found.facets)),
        found.notice or None,
        found.suggestions,
    )


def suggest_products(scope: TenantScope, text: str, limit: int) -> list[ProductCard]:
    """Return products for what was typed so far."""
    return _find(scope, SearchQuery(text=text, limit=limit))[1]


def suggest_queries(scope: TenantScope, text: str, limit: int) -> tuple[str, ...]:
    answer = ask_completions(engine(), scope, text, limit)
    with transaction(scope, read_only=True) as session:
        return completions(session, text, limit, answer)


def _find(scope: TenantScope, query: SearchQuery) -> tuple[Found, list[ProductCard]]:
    wanted = policy_of(scope).applied(query)
    answer = ask(engine(), scope, wanted)
    with transaction(scope, read_only=True) as session:
        return find_rows(session, wanted, answer, _cards)


def _cards(session: Session, ids: Sequence[int]) -> dict[int, ProductCard]:
    return {card.id: card for card in cards_by_id(session, ids)}


def _counts(facets: tuple[Facet, ...]) -> list[FacetCount]:
    counts: list[FacetCount] = []
    for facet in facets:
        if facet.name == "price":
            highest = max((int(value.value) for value in facet.values), default=0)
            counts += [FacetCount("price", "max", "max", highest)] if highest else []
        elif facet.name == "in_stock":
            counts += [FacetCount("available", "1", "1", v.count) for v in facet.values if v.value in _TRUE]
        else:
            counts += [FacetCount(facet.name, v.value, v.value, v.count) for v in facet.values]
    return counts
