"""Count facet values. A chosen facet is counted without its own filter, so that its other values stay on offer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tantivy import Query, Searcher

from souk.search.engine import Facet, FacetName, FacetValue, SearchQuery
from souk.search_engines.facet_values import by_count, is_chosen, price_range, rating_steps, split_options
from souk.search_engines.tantivy_query import filters, narrowed

MOST_VALUES = 100
MOST_OPTION_VALUES = 1_000


def facets(searcher: Searcher, query: SearchQuery, text: Query) -> tuple[Facet, ...]:
    """Aggregate once for all facets that are not chosen, and once more for each chosen one."""
    shared = [name for name in query.facets if not is_chosen(query, name)]
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


def _options(searcher: Searcher, query: SearchQuery, text: Query, counted: Any) -> list[Facet]:
    by_name = _by_option(counted)
    for name, values in query.options.items():
        if values:
            others = narrowed(text, filters(query, without=f"option.{name}"))
            by_name[name] = _by_option(_aggregate(searcher, others, ["options"])["options"]).get(name, [])
    return [Facet(f"option.{name}", tuple(values)) for name, values in sorted(by_name.items()) if values]


def _by_option(counted: Any) -> dict[str, list[FacetValue]]:
    return split_options(_terms(counted)) if counted else {}


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
        return price_range(*counted)
    if name == "rating":
        return rating_steps({int(value.value): value.count for value in _terms(counted)})
    if name == "in_stock":
        return [FacetValue("true" if value.value == "1" else "false", value.count) for value in _terms(counted)]
    return _terms(counted)


def _terms(counted: Any) -> list[FacetValue]:
    return by_count({_label(bucket["key"]): int(bucket["doc_count"]) for bucket in counted["buckets"]})


def _label(key: object) -> str:
    # Tantivy answers the terms of a number field as floats.
    return str(int(key)) if isinstance(key, float) else str(key)
