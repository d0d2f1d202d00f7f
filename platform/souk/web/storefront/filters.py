"""Read a listing's filters from the address; what cannot be read is no filter, because shoppers edit addresses."""

from __future__ import annotations

from collections import defaultdict

from souk.catalog.filters import ProductFilters
from souk.kernel.money import Money, UnreadableAmount
from souk.web.storefront.prices import Prices
from souk.web.storefront.rows import ALL_PRODUCTS
from themes.rows import ListingQuery

_OPTION = "filter.option."
MAX_CHOICES = 40


def product_filters(query: ListingQuery, prices: Prices) -> ProductFilters:
    """Return the filters of `query`; prices in the address are major units of the visit's currency.

    Listings are filtered by the catalogue's prices: in another currency the bounds are converted back by its rate, and
    prices of lists do not count.
    """
    currency = prices.currency
    given: dict[str, list[str]] = defaultdict(list)
    for name, value in query.filters[:MAX_CHOICES]:
        if "\x00" not in value:
            given[name].append(value)
    rating = given["filter.rating.min"][:1]
    return ProductFilters(
        collection_id=None if query.collection_id == ALL_PRODUCTS else query.collection_id,
        terms=(query.terms or "").replace("\x00", ""),
        category=next(iter(given["filter.category"]), ""),
        vendors=tuple(given["filter.brand"]),
        options={name[len(_OPTION) :]: tuple(found) for name, found in given.items() if name.startswith(_OPTION)},
        price_min=prices.back(_amount(given["filter.price.min"], currency)),
        price_max=prices.back(_amount(given["filter.price.max"], currency)),
        available=given["filter.available"][:1] == ["1"],
        rating_min=int(rating[0]) if rating and rating[0] in {"1", "2", "3", "4", "5"} else None,
    )


def _amount(values: list[str], currency: str) -> int | None:
    if not values:
        return None
    try:
        return max(Money.from_major(values[0].strip().replace(",", "."), currency).amount, 0)
    except UnreadableAmount:
        return None
