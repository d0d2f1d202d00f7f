"""The filters of a SearchQuery, and what the merchant decided about its results."""

from __future__ import annotations

from tantivy import FieldType, Occur, Query

from souk.search.engine import SearchQuery
from souk.search_engines.keys import OPTION_SEPARATOR, text_key
from souk.search_engines.tantivy_schema import schema
from souk.search_engines.tantivy_terms import either, term

LARGEST_NUMBER = 2**63 - 1
# Far above what words and codes score; a 32-bit float still tells neighbours of this size apart.
PIN_TIER = 1_000_000.0
PIN_STEP = 10_000.0
BOOST_TIER = 20_000.0


def arranged(query: SearchQuery, text: Query) -> Query:
    """Return the hits of `text` as the merchant wants them for this query."""
    by_relevance = query.sort == "relevance"
    found = _raised(query, text) if by_relevance and (query.pinned or query.boosted) else text
    if not query.hidden:
        return found
    hidden = Query.term_set_query(schema(), "id", list(query.hidden))
    return Query.boolean_query([(Occur.Must, found), (Occur.MustNot, hidden)])


def _raised(query: SearchQuery, text: Query) -> Query:
    parts = [(Occur.Must, text)]
    if query.boosted:
        boosted = Query.term_set_query(schema(), "id", list(query.boosted))
        parts.append((Occur.Should, Query.const_score_query(boosted, BOOST_TIER)))
    pins = [
        Query.const_score_query(term("id", product_id), PIN_TIER - place * PIN_STEP)
        for place, product_id in enumerate(query.pinned)
    ]
    return either([Query.boolean_query(parts), *pins])


def filters(query: SearchQuery, *, without: str = "") -> list[Query]:
    """Return the chosen filters but the one of the facet `without` ("brand", "option.Color", ...)."""
    chosen = _choices(query)
    return [condition for name, condition in chosen.items() if name != without]


def _choices(query: SearchQuery) -> dict[str, Query]:
    chosen = _option_choices(query)
    if query.category:
        chosen["category"] = term("category_keys", text_key(query.category))
    if query.brands:
        chosen["brand"] = either(term("brand_key", text_key(brand)) for brand in query.brands)
    if query.in_stock is not None:
        chosen["in_stock"] = term("in_stock", int(query.in_stock))
    if query.rating_min is not None:
        chosen["rating"] = _range("rating", query.rating_min, None)
    if (query.price_from, query.price_to) != (None, None):
        chosen["price"] = _range("price", query.price_from, query.price_to)
    if query.collection_id is not None:
        chosen["collection"] = term("collection", query.collection_id)
    return chosen


def _option_choices(query: SearchQuery) -> dict[str, Query]:
    return {
        f"option.{name}": either(term("option", f"{name}{OPTION_SEPARATOR}{value}") for value in values)
        for name, values in query.options.items()
        if values
    }


def narrowed(text: Query, conditions: list[Query]) -> Query:
    """Return `text` under `conditions`, which filter and do not score."""
    silent = [(Occur.Must, Query.const_score_query(condition, 0.0)) for condition in conditions]
    return Query.boolean_query([(Occur.Must, text), *silent])


def _range(field: str, low: int | None, high: int | None) -> Query:
    return Query.range_query(schema(), field, FieldType.Integer, _storable(low), _storable(high))


def _storable(number: int | None) -> int | None:
    # Tantivy's numbers have 64 bits; beyond them a bound is as good as the largest number.
    return None if number is None else max(-LARGEST_NUMBER, min(number, LARGEST_NUMBER))
