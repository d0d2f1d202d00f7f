"""Order the hits and cut one page out of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tantivy import DocAddress, Order, Query, Searcher

from souk.search.engine import SearchQuery, Sort
from souk.search_engines.tantivy_query import count

# Hits are put in order among equals in windows of this size: a window's borders never move, so no
# product shows on two pages, and Tantivy need not collect all hits for the first page.
WINDOW = 400
# Collecting costs memory by depth; no shopper turns 800 pages.
DEEPEST = 20_000

# The field that Tantivy sorts by, and then (field, sign) among equals.
_ORDERS: dict[Sort, tuple[str, Order, tuple[tuple[str, int], ...]]] = {
    "relevance": ("", Order.Desc, (("rating", -1), ("price", 1))),
    "price-ascending": ("price", Order.Asc, (("rating", -1),)),
    "price-descending": ("price", Order.Desc, (("rating", -1),)),
    "created-descending": ("published", Order.Desc, ()),
    "best-rating": ("rating", Order.Desc, (("price", 1),)),
}
# Scores are 32-bit floats: sums in another order differ in the last digits.
SCORE_DIGITS = 3


def page_of(searcher: Searcher, query: SearchQuery, wanted: Query) -> tuple[tuple[int, ...], int]:
    """Return the ids of the page that `query` names and the number of all hits."""
    total = count(searcher, wanted)
    start, end = (query.page - 1) * query.limit, min(query.page * query.limit, DEEPEST, total)
    if start >= end:
        return (), total
    if query.sort == "title-ascending":
        return _by_title(searcher, wanted)[start:end], total
    ids: list[int] = []
    first = start // WINDOW
    for window in range(first, (end - 1) // WINDOW + 1):
        ids.extend(_window(searcher, query, wanted, window * WINDOW))
    return tuple(ids[start - first * WINDOW : end - first * WINDOW]), total


def _window(searcher: Searcher, query: SearchQuery, wanted: Query, offset: int) -> list[int]:
    # Without words every product scores the same, and only the ties' own order is left.
    sort: Sort = "best-rating" if query.sort == "relevance" and not query.text.strip() else query.sort
    field, order, among_equals = _ORDERS[sort]
    found = searcher.search(wanted, WINDOW, False, field or None, offset, order).hits
    addresses = [address for _, address in found]
    sign = 1 if order == Order.Asc else -1
    keys: list[Sequence[Any]] = [[sign * round(score or 0, SCORE_DIGITS) for score, _ in found]]
    keys += [[way * value for value in _numbers(searcher, name, addresses)] for name, way in among_equals]
    keys.append(_numbers(searcher, "id", addresses))
    return [key[-1] for key in sorted(zip(*keys, strict=True))]


def _by_title(searcher: Searcher, wanted: Query) -> tuple[int, ...]:
    addresses = [address for _, address in searcher.search(wanted, DEEPEST, False).hits]
    keys = [_numbers(searcher, name, addresses) for name in ("title_key", "title_key_rest", "id")]
    return tuple(key[-1] for key in sorted(zip(*keys, strict=True)))


def _numbers(searcher: Searcher, field: str, addresses: list[DocAddress]) -> list[int]:
    return [int(value or 0) for value in searcher.fast_field_values(field, addresses)]
