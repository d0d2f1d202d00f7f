"""Turn a SearchQuery into one multi-search: the page, and one more query for each chosen facet."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from souk.search.engine import FacetName, SearchQuery, Sort
from souk.search_engines.facet_values import is_chosen
from souk.search_engines.keys import OPTION_SEPARATOR, text_key
from souk.search_engines.meilisearch_documents import DEEPEST

_SORTS: dict[Sort, list[str]] = {
    "price-ascending": ["price:asc", "rating:desc"],
    "price-descending": ["price:desc", "rating:desc"],
    "title-ascending": ["title_key:asc"],
    "created-descending": ["published:desc"],
    "best-rating": ["rating:desc", "price:asc"],
}


def page_query(uid: str, query: SearchQuery) -> dict[str, Any]:
    """Return the query for the page, which counts the facets that are not chosen as well."""
    asked = _base(uid, query, filters(query)) | {
        # Counted exactly, unlike offset and limit; a page beyond the deepest one is empty.
        "page": min(query.page, DEEPEST // query.limit + 2),
        "hitsPerPage": query.limit,
        "facets": [_attribute(name) for name in query.facets if name == "options" or not is_chosen(query, name)],
    }
    if query.sort != "relevance":
        asked["sort"] = _SORTS[query.sort]
    return asked


def raised_queries(uid: str, query: SearchQuery) -> list[dict[str, Any]]:
    """Return the queries that `raised_page` reads: the count, the pinned, those with the words, and the rest.

    The server has no way to pin, so that the products in front are asked for apart.
    """
    chosen, front = filters(query), (*query.pinned, *query.boosted)
    among = f"id IN {numbers(front)}"
    offset, limit = _rest(query)
    return [
        page_query(uid, query) | {"page": 1, "hitsPerPage": 0},
        _base(uid, query, [*chosen, among]) | {"q": "", "limit": len(front)},
        _base(uid, query, [*chosen, among]) | {"limit": len(front)},
        _base(uid, query, [*chosen, f"id NOT IN {numbers(front)}"]) | {"offset": offset, "limit": limit},
    ]


def raised_page(query: SearchQuery, answers: list[dict[str, Any]]) -> tuple[tuple[int, ...], int]:
    """Return the page's ids and the number of all hits from the answers to `raised_queries`."""
    counted, present, worded, rest = answers
    there, matching, others = (_ids(answer) for answer in (present, worded, rest))
    pinned = [each for each in query.pinned if each in there]
    front = [*pinned, *(each for each in matching if each in query.boosted and each not in pinned)]
    start, offset = (query.page - 1) * query.limit, _rest(query)[0]
    shown = front[start : start + query.limit]
    first = max(start - len(front), 0) - offset
    shown += others[first : first + query.limit - len(shown)]
    return tuple(shown), counted["totalHits"] + len([each for each in pinned if each not in matching])


def _rest(query: SearchQuery) -> tuple[int, int]:
    """Return offset and limit that hold the page however many products stand in front."""
    front = len(query.pinned) + len(query.boosted)
    start = min((query.page - 1) * query.limit, DEEPEST)
    offset = max(start - front, 0)
    return offset, start + query.limit - offset


def _ids(answer: dict[str, Any]) -> list[int]:
    return [hit["id"] for hit in answer["hits"]]


def facet_query(uid: str, query: SearchQuery, name: str) -> dict[str, Any]:
    """Return the query that counts one chosen facet ("brand", "option.Color") without its own filter."""
    attribute = "option" if name.startswith("option.") else name
    return _base(uid, query, filters(query, without=name)) | {"limit": 0, "facets": [attribute]}


def chosen_facets(query: SearchQuery) -> list[str]:
    chosen: list[str] = [name for name in query.facets if name != "options" and is_chosen(query, name)]
    if "options" in query.facets:
        chosen += [f"option.{name}" for name, values in query.options.items() if values]
    return chosen


def _attribute(name: FacetName) -> str:
    return "option" if name == "options" else name


def _base(uid: str, query: SearchQuery, conditions: list[str]) -> dict[str, Any]:
    return {"indexUid": uid, "q": query.text, "filter": conditions, "attributesToRetrieve": ["id"]}


def filters(query: SearchQuery, *, without: str = "") -> list[str]:
    """Return conditions that all hold, but the one of the facet `without`."""
    chosen = _number_choices(query)
    if query.category:
        chosen["category"] = f"category_keys = {_quoted(text_key(query.category))}"
    if query.brands:
        chosen["brand"] = f"brand_key IN {_list(text_key(brand) for brand in query.brands)}"
    for name, values in query.options.items():
        if values:
            chosen[f"option.{name}"] = f"option IN {_list(f'{name}{OPTION_SEPARATOR}{value}' for value in values)}"
    return [condition for name, condition in chosen.items() if name != without]


def _number_choices(query: SearchQuery) -> dict[str, str]:
    chosen: dict[str, str] = {}
    if query.in_stock is not None:
        chosen["in_stock"] = f"in_stock = {str(query.in_stock).lower()}"
    if query.rating_min is not None:
        chosen["rating"] = f"rating >= {query.rating_min}"
    if (query.price_from, query.price_to) != (None, None):
        bounds = ((">=", query.price_from), ("<=", query.price_to))
        chosen["price"] = " AND ".join(f"price {sign} {bound}" for sign, bound in bounds if bound is not None)
    if query.collection_id is not None:
        chosen["collection"] = f"collection = {query.collection_id}"
    if query.hidden:
        chosen["hidden"] = f"id NOT IN {numbers(query.hidden)}"
    return chosen


def numbers(ids: Iterable[int]) -> str:
    return f"[{', '.join(map(str, ids))}]"


def _list(values: Any) -> str:
    return f"[{', '.join(_quoted(value) for value in values)}]"


def _quoted(text: str) -> str:
    # Labels come from the shopper's address bar: they must stay one string of the filter language.
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
