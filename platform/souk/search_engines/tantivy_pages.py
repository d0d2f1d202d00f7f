"""Order the hits and cut one page out of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tantivy import DocAddress, Order, Query, Searcher

from souk.search.engine import SearchQuery, Sort
from souk.search_engines.tantivy_terms import count

# Hits are put in order among equals in windows of this size: a window's borders never move, so no
# product shows on two pages, and Tantivy need not collect all hits for the first page.
WINDOW = 400
# Most pages end before their equals do not: so many hits more are enough to know.
MARGIN = 40
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
    start, end = (query.page - 1) * query.limit, min(query.page * query.limit, DEEPEST)
    if query.sort == "title-ascending":
        return _by_title(searcher, wanted)[start:end], count(searcher, wanted)
    if end + MARGIN <= WINDOW:
        return _first_page(searcher, query, wanted, start, end)
    total = count(searcher, wanted)
    end = min(end, total)
    if start >= end:
        return (), total
    return _cut(searcher, query, wanted, start, end), total


def _first_page(
    searcher: Searcher, query: SearchQuery, wanted: Query, start: int, end: int
) -> tuple[tuple[int, ...], int]:
    """Read a few hits more than the page has; the window is needed only where equals reach beyond them."""
    hits, total = _collect(searcher, query, wanted, 0, end + MARGIN)
    keys = _keys(searcher, query, hits)
    complete = len(hits) == total or (len(keys) >= end and keys[end - 1][0] < keys[-1][0])
    if complete:
        return tuple(key[-1] for key in sorted(keys)[start:end]), total
    return _cut(searcher, query, wanted, start, min(end, total)), total


def _cut(searcher: Searcher, query: SearchQuery, wanted: Query, start: int, end: int) -> tuple[int, ...]:
    ids: list[int] = []
    first = start // WINDOW
    for window in range(first, (end - 1) // WINDOW + 1):
        hits, _ = _collect(searcher, query, wanted, window * WINDOW, WINDOW)
        ids.extend(key[-1] for key in sorted(_keys(searcher, query, hits)))
    return tuple(ids[start - first * WINDOW : end - first * WINDOW])


def _order_of(query: SearchQuery) -> Sort:
    # Without words every product scores the same, and only the ties' own order is left.
    plain = query.sort == "relevance" and not query.text.strip() and not (query.pinned or query.boosted)
    return "best-rating" if plain else query.sort


def _collect(
    searcher: Searcher, query: SearchQuery, wanted: Query, offset: int, limit: int
) -> tuple[list[tuple[Any, DocAddress]], int]:
    field, order, _ = _ORDERS[_order_of(query)]
    found = searcher.search(wanted, limit, offset == 0, field or None, offset, order)
    # The library's type stub lacks the attribute.
    return found.hits, int(found.count) if offset == 0 else 0  # type: ignore[attr-defined]


def _keys(searcher: Searcher, query: SearchQuery, hits: list[tuple[Any, DocAddress]]) -> list[tuple[Any, ...]]:
    """Return what the hits are sorted by, from their place in the index's order to their id."""
    _, order, among_equals = _ORDERS[_order_of(query)]
    addresses = [address for _, address in hits]
    sign = 1 if order == Order.Asc else -1
    keys: list[Sequence[Any]] = [[sign * round(score or 0, SCORE_DIGITS) for score, _ in hits]]
    keys += [[way * value for value in _numbers(searcher, name, addresses)] for name, way in among_equals]
    keys.append(_numbers(searcher, "id", addresses))
    return list(zip(*keys, strict=True))


def _by_title(searcher: Searcher, wanted: Query) -> tuple[int, ...]:
    addresses = [address for _, address in searcher.search(wanted, DEEPEST, False).hits]
    keys = [_numbers(searcher, name, addresses) for name in ("title_key", "title_key_rest", "id")]
    return tuple(key[-1] for key in sorted(zip(*keys, strict=True)))


def _numbers(searcher: Searcher, field: str, addresses: list[DocAddress]) -> list[int]:
    return [int(value or 0) for value in searcher.fast_field_values(field, addresses)]
