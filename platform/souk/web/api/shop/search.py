"""Search the catalogue by text and filters."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from souk.kernel.db import transaction
from souk.kernel.money import Money, exponent
from souk.search.engine import Facet, SearchQuery
from souk.search.engine import Sort as EngineSort
from souk.search.find import Found, ask, find
from souk.web.api.definition import shop_api
from souk.web.api.operations import Call
from souk.web.api.schemas.products import FacetCount, Facets, PriceRange, SearchPage, SearchParameters
from souk.web.api.shop.product_rows import shop_currency, summaries
from souk.web.storefront.finding import engine

_SORTS: dict[str, EngineSort] = {
    "relevance": "relevance",
    "price_asc": "price-ascending",
    "price_desc": "price-descending",
    "rating": "best-rating",
    "newest": "created-descending",
    "name": "title-ascending",
}
_OPTION = "option."


@shop_api.operation(
    "GET",
    "/products/search",
    summary="Search products",
    tag="products",
    takes=SearchParameters,
    answers=SearchPage,
    edge=True,
)
def search_products(call: Call, query: SearchParameters) -> SearchPage:
    with transaction(call.scope, read_only=True) as session:
        currency = shop_currency(session)
    # Outside any transaction: an engine may be another machine.
    wanted = _query(query, currency)
    answer = ask(engine(), call.scope, wanted)
    with transaction(call.scope, read_only=True) as session:
        results = find(session, wanted, answer)
        products = summaries(session, results.ids, currency)
    facets = _facets(results, currency)
    return SearchPage(products=products, total=results.total, page=query.page, limit=query.limit, facets=facets)


def _query(query: SearchParameters, currency: str) -> SearchQuery:
    return SearchQuery(
        text=query.q,
        category=query.category,
        brands=(query.brand,) if query.brand else (),
        price_from=_minor(query.price_min, currency, ROUND_CEILING),
        price_to=_minor(query.price_max, currency, ROUND_FLOOR),
        in_stock=query.in_stock,
        rating_min=None if query.rating_min is None else int((query.rating_min * 10).to_integral_value(ROUND_CEILING)),
        sort=_SORTS[query.sort],
        page=query.page,
        limit=query.limit,
        facets=("category", "brand", "in_stock", "rating", "price", "options"),
    )


def _minor(amount: Decimal | None, currency: str, rounding: str) -> int | None:
    """Return minor units, rounded towards the inside of the range that was asked for."""
    if amount is None:
        return None
    return int(amount.scaleb(exponent(currency)).to_integral_value(rounding))


def _facets(results: Found, currency: str) -> Facets:
    values: dict[str, Any] = {"options": {}}
    for facet in results.facets:
        if facet.name == "price":
            values["price"] = _range(facet, currency)
        elif facet.name.startswith(_OPTION):
            values["options"][facet.name.removeprefix(_OPTION)] = _counts(facet)
        elif facet.name == "rating":
            values["rating"] = [FacetCount(value=_stars(one.value), count=one.count) for one in facet.values]
        elif facet.name in Facets.model_fields:
            values[facet.name] = _counts(facet)
    return Facets(**values)


def _counts(facet: Facet) -> list[FacetCount]:
    return [FacetCount(value=one.value, count=one.count) for one in facet.values]


def _stars(tenths: str) -> str:
    """Return what `rating_min` takes: a facet's value is sent back as it is."""
    return f"{Decimal(tenths).scaleb(-1).normalize():f}"


def _range(facet: Facet, currency: str) -> PriceRange | None:
    amounts = [int(one.value) for one in facet.values]
    if not amounts:
        return None
    return PriceRange(min=Money(min(amounts), currency).major, max=Money(max(amounts), currency).major)
