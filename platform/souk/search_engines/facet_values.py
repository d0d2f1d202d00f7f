"""What facets look like, whichever engine counted them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from souk.search.engine import FacetName, FacetValue, SearchQuery
from souk.search_engines.keys import OPTION_SEPARATOR

# "Four stars and up" is what shoppers choose, in tenths of a star.
RATING_STEPS = (40, 30, 20, 10)


def is_chosen(query: SearchQuery, name: FacetName) -> bool:
    chosen: Mapping[FacetName, bool] = {
        "category": bool(query.category),
        "brand": bool(query.brands),
        "in_stock": query.in_stock is not None,
        "rating": query.rating_min is not None,
        "price": query.price_from is not None or query.price_to is not None,
    }
    return chosen.get(name, False)


def by_count(counts: Mapping[str, int]) -> list[FacetValue]:
    """Return the values with the most frequent first."""
    return [FacetValue(value, count) for value, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]


def split_options(values: Iterable[FacetValue]) -> dict[str, list[FacetValue]]:
    """Sort "Color, separator, Red" into the values of each option."""
    found: dict[str, list[FacetValue]] = {}
    for each in values:
        name, _, label = each.value.partition(OPTION_SEPARATOR)
        found.setdefault(name, []).append(FacetValue(label, each.count))
    return found


def price_range(low: float | None, high: float | None) -> list[FacetValue]:
    if low is None or high is None:
        return []
    return [FacetValue(str(int(low)), 0), FacetValue(str(int(high)), 0)]


def rating_steps(counts: Mapping[int, int]) -> list[FacetValue]:
    """Return how many products have at least 40, 30, 20 and 10 tenths of a star."""
    steps = [(step, sum(count for rating, count in counts.items() if rating >= step)) for step in RATING_STEPS]
    return [FacetValue(str(step), count) for step, count in steps if count]
