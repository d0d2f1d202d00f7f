"""Search the catalogue by text and filters."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from souk.kernel.db import transaction
from souk.kernel.money import exponent
from souk.pricing.rules import Market, Rules, rules_of
from souk.search.engine import SearchQuery
from souk.search.engine import Sort as EngineSort
from souk.search.find import among, ask, find_rows
from souk.web.api.definition import shop_api
from souk.web.api.encoding import Encoded
from souk.web.api.operations import Call
from souk.web.api.schemas.products import SearchPage, SearchParameters
from souk.web.api.shop.markets import asked_market, in_market, priced_rows
from souk.web.api.shop.search_body import page_text
from souk.web.page_cache.product_rows import product_rows
from souk.web.search_counts import COUNTER
from souk.web.searching import engine, policy_of

_SORTS: dict[str, EngineSort] = {
    "relevance": "relevance",
    "price_asc": "price-ascending",
    "price_desc": "price-descending",
    "rating": "best-rating",
    "newest": "created-descending",
    "name": "title-ascending",
}


@shop_api.operation(
    "GET",
    "/products/search",
    summary="Search products",
    tag="products",
    takes=SearchParameters,
    answers=SearchPage,
    edge=True,
)
def search_products(call: Call, query: SearchParameters) -> Encoded:
    policy = policy_of(call.scope)
    rules = rules_of(policy.shop)
    market = asked_market(rules, query)
    wanted = policy.applied(_query(query, rules, market))
    # Outside any transaction: an engine may be another machine.
    answer = ask(engine(), call.scope, wanted)
    products = product_rows(call.scope)
    known = products.known(answer.ids) if answer is not None and rules.as_in_catalog(market) else {}
    if answer is not None and len(known) == len(answer.ids):
        found, rows = among(answer, known)
    else:
        with transaction(call.scope, read_only=True) as session:
            found, rows = find_rows(session, wanted, answer, products.read)
            rows = priced_rows(session, rules, market, rows)
    if query.page == 1 and not (query.category or query.brand or query.options):
        COUNTER.searched(call.scope, query.q, found.total)
    return Encoded(page_text(in_market(found, rules, market), rows, query, market.currency))


def _query(query: SearchParameters, rules: Rules, market: Market) -> SearchQuery:
    return SearchQuery(
        text=query.q,
        category=query.category,
        brands=(query.brand,) if query.brand else (),
        price_from=_minor(query.price_min, rules, market, ROUND_CEILING),
        price_to=_minor(query.price_max, rules, market, ROUND_FLOOR),
        in_stock=query.in_stock,
        rating_min=None if query.rating_min is None else int((query.rating_min * 10).to_integral_value(ROUND_CEILING)),
        options=query.chosen_options(),
        sort=_SORTS[query.sort],
        page=query.page,
        limit=query.limit,
        facets=("category", "brand", "in_stock", "rating", "price", "options"),
    )


def _minor(amount: Decimal | None, rules: Rules, market: Market, rounding: str) -> int | None:
    """Return minor units of the shop's currency, rounded towards the inside of the range that was asked for."""
    if amount is None:
        return None
    minor = amount.scaleb(exponent(market.currency)) / rules.factor(market.currency)
    return int(minor.to_integral_value(rounding))
