"""Count facet values. A chosen facet is counted without its own filter, so that its other values stay on offer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tantivy import Query, Searcher

from souk.search.engine import Facet, FacetName, FacetValue, SearchQuery
from souk.search_engines.tantivy_query import filters, narrowed
from souk.search_engines.tantivy_schema import OPTION_SEPARATOR

MOST_VALUES = 100
MOST_OPTION_VALUES = 1_000
# "Four stars and up" is what shoppers choose, in tenths of a star.
RATING_STEPS = (40, 30, 20, 10)


def facets(searcher: Searcher, query: SearchQuery, text: Query) -> tuple[Facet, ...]:
    """Aggregate once for all facets that are not chosen, and once more for each chosen one."""
    shared = [name for name in query.facets if not _is_chosen(query, name)]
    counted = _aggregate(searcher, narrowed(text, filters(query)), shared) if shared else {}
    found: list[Facet] = []
    for name in query.facets:
        if name == "options":
            found.extend(_options(searcher, query, text, counted.get("options")))
            continue
        own = counted.get(name)
        if own is None:
            own = _aggregate(searcher, narrowed(text, filters(query, without=name)), [name])[name]
        found.append(Facet(name, tuple(_values(name, own))))
    return tuple(found)


def _is_chosen(query: SearchQuery, name: FacetName) -> bool:
    chosen: Mapping[FacetName, bool] = {
        "category": bool(query.category),
        "brand": bool(query.brands),
        "in_stock": query.in_stock is not None,
        "rating": query.rating_min is not None,
        "price": query.price_from is not None or query.price_to is not None,
    }
    return chosen.get(name, False)


def _options(searcher: Searcher, query: SearchQuery, text: Query, counted: Any) -> list[Facet]:
    by_name = _by_option(counted)
    for name, values in query.options.items():
        if values:
            others = narrowed(text, filters(query, without=f"option.{name}"))
            by_name[name] = _by_option(_aggregate(searcher, others, ["options"])["options"]).get(name, [])
    return [Facet(f"option.{name}", tuple(values)) for name, values in sorted(by_name.items()) if values]


def _by_option(counted: Any) -> dict[str, list[FacetValue]]:
    found: dict[str, list[FacetValue]] = {}
    for value in _terms(counted):
        name, _, label = value.value.partition(OPTION_SEPARATOR)
        found.setdefault(name, []).append(FacetValue(label, value.count))
    return found


def _aggregate(searcher: Searcher, query: Query, names: Iterable[FacetName]) -> dict[str, Any]:
    wanted: dict[str, Any] = {}
    for name in names:
        if name == "price":
            wanted |= {"price.min": {"min": {"field": "price"}}, "price.max": {"max": {"field": "price"}}}
        else:
            size = MOST_OPTION_VALUES if name == "options" else MOST_VALUES
            wanted[name] = {"terms": {"field": "option" if name == "options" else name, "size": size}}
    answer = searcher.aggregate(query, wanted)
    if "price.min" in answer:
        answer["price"] = (answer["price.min"]["value"], answer["price.max"]["value"])
    return answer


def _values(name: FacetName, counted: Any) -> list[FacetValue]:
    if name == "price":
        return _price_range(*counted)
    if name == "rating":
        return _rating_steps(counted)
    if name == "in_stock":
        return [FacetValue("true" if value.value == "1" else "false", value.count) for value in _terms(counted)]
    return _terms(counted)


def _terms(counted: Any) -> list[FacetValue]:
    values = [FacetValue(_label(bucket["key"]), int(bucket["doc_count"])) for bucket in counted["buckets"]]
    return sorted(values, key=lambda value: (-value.count, value.value))


def _label(key: object) -> str:
    # Tantivy answers the terms of a number field as floats.
    return str(int(key)) if isinstance(key, float) else str(key)


def _price_range(low: float | None, high: float | None) -> list[FacetValue]:
    if low is None or high is None:
        return []
    return [FacetValue(str(int(low)), 0), FacetValue(str(int(high)), 0)]


def _rating_steps(counted: Any) -> list[FacetValue]:
    counts = {int(value.value): value.count for value in _terms(counted)}
    steps = [(step, sum(count for rating, count in counts.items() if rating >= step)) for step in RATING_STEPS]
    return [FacetValue(str(step), count) for step, count in steps if count]
