"""Turn a SearchQuery into one multi-search: the page, and one more query for each chosen facet."""

from __future__ import annotations

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
    return chosen


def _list(values: Any) -> str:
    return f"[{', '.join(_quoted(value) for value in values)}]"


def _quoted(text: str) -> str:
    # Labels come from the shopper's address bar: they must stay one string of the filter language.
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
