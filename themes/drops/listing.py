"""A listing of products: loaded in the window that `paginate` or `limit` asks for, at the first touch."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from themes import rows
from themes.drops.base import Drop, kept
from themes.drops.product import ProductDrop, products
from themes.drops.scope import Scope
from themes.sandbox.access import Lookup, exposes

# Pairs of the address that choose within one filter.
Chosen = tuple[tuple[str, str], ...]
UNPAGED = 50
SORTS = (
    ("manual", "Featured"), ("best-selling", "Best selling"), ("price-ascending", "Price, low to high"),
    ("price-descending", "Price, high to low"), ("rating", "Best rated"), ("created-descending", "Newest"),
    ("title-ascending", "A to Z"),
)  # fmt: skip


def address(scope: Scope, pairs: list[tuple[str, str]]) -> str:
    """Return this page's path with `pairs` as its query."""
    return f"{scope.request.path}?{urlencode(pairs)}" if pairs else scope.request.path


class Listing:
    """The products behind a collection or a search, with filters and order read from the address."""

    __slots__ = ("_facets", "_row", "limit", "offset", "query", "scope")

    def __init__(self, scope: Scope, query: rows.ListingQuery) -> None:
        self.scope = scope
        self.query = query
        self.offset = 0
        self.limit = UNPAGED
        self._row: rows.ListingRow | None = None
        self._facets: list[FilterDrop] | None = None

    @property
    def row(self) -> rows.ListingRow:
        if self._row is None:
            self._row = self.scope.load(self.scope.reader.listing, self.query, self.offset, self.limit)
            self.scope.keys.add("listing")
        return self._row

    def window(self, offset: int, limit: int) -> None:
        """Move to another window; what was loaded for the former one is forgotten."""
        if (offset, limit) != (self.offset, self.limit):
            self.offset, self.limit, self._row = offset, limit, None

    @property
    def facets(self) -> list[FilterDrop]:
        if self._facets is None:
            found = self.row.facets
            if found is None:
                found = tuple(self.scope.load(self.scope.reader.facets, self.query))
            self._facets = [FilterDrop(facet, self.scope) for facet in found]
        return self._facets


class ProductList(Lookup):
    """An iterable that loads when it is first iterated; `| limit(8)` makes it load no more than that."""

    __slots__ = ("_drops", "_listing")

    def __init__(self, listing: Listing) -> None:
        self._listing = listing
        self._drops: list[ProductDrop] | None = None

    def limited(self, count: int) -> list[ProductDrop]:
        if self._drops is None and count < self._listing.limit:
            listing = self._listing
            window = listing.scope.load(listing.scope.reader.listing, listing.query, listing.offset, count)
            return products(listing.scope, window.products)
        return self.drops[:count]

    @property
    def drops(self) -> list[ProductDrop]:
        if self._drops is None:
            self._drops = products(self._listing.scope, self._listing.row.products)
        return self._drops

    def __iter__(self) -> Iterator[ProductDrop]:
        return iter(self.drops)

    def __len__(self) -> int:
        return len(self.drops)

    def lookup(self, name: object) -> object:
        if name in ("first", "last", "size"):
            drops = self.drops
            return len(drops) if name == "size" else (drops[0 if name == "first" else -1] if drops else None)
        if isinstance(name, (int, slice)) and not isinstance(name, bool):
            try:
                return self.drops[name]
            except IndexError:
                return None
        return None


@exposes("value", "name", "selected")
class SortOptionDrop(Drop):
    """A way to order a listing."""

    __slots__ = ("name", "selected", "value")

    def __init__(self, value: str, name: str, *, selected: bool) -> None:
        self.value = value
        self.name = name
        self.selected = selected


def sort_options(current: str) -> list[SortOptionDrop]:
    return [SortOptionDrop(value, name, selected=value == current) for value, name in SORTS]


@exposes("value", "label", "count", "active", "param_name", "url_to_add", "url_to_remove")
class FilterValueDrop(Drop):
    """A value of a filter."""

    __slots__ = ("_scope", "active", "count", "label", "param_name", "value")

    def __init__(self, row: rows.FacetValueRow, param_name: str, scope: Scope, chosen: Chosen) -> None:
        self.value = row.value
        self.label = row.label
        self.count = row.count
        self.param_name = param_name
        self._scope = scope
        self.active = (param_name, row.value) in chosen

    @property
    def url_to_add(self) -> str:
        """This page with the value chosen."""
        kept = [pair for pair in self._scope.request.query if pair[0] != "page"]
        return address(self._scope, [*kept, (self.param_name, self.value)])

    @property
    def url_to_remove(self) -> str:
        """This page without the value."""
        gone = (self.param_name, self.value)
        return address(self._scope, [p for p in self._scope.request.query if p != gone and p[0] != "page"])


@exposes("label", "param_name", "type", "min_value", "max_value", "range_max", "currency", "active_values", "values",
         "url_to_remove")  # fmt: skip
class FilterDrop(Drop):
    """A filter of a listing."""

    __slots__ = ("_chosen", "_row", "_scope", "currency", "label", "param_name", "range_max", "type")

    def __init__(self, row: rows.FacetRow, scope: Scope) -> None:
        self._row = row
        self._scope = scope
        self.label = row.label
        self.param_name = row.param_name
        self.type = row.type
        self.range_max = row.range_max
        self.currency = scope.currency
        own = {row.param_name, f"{row.param_name}.min", f"{row.param_name}.max"}
        self._chosen: Chosen = tuple(pair for pair in scope.request.query if pair[0] in own)

    @property
    def made_of(self) -> tuple[rows.FacetRow, Chosen]:
        """All that it shows but for its addresses; not for themes."""
        return self._row, self._chosen

    @kept
    def values(self) -> list[FilterValueDrop]:
        """Its possible values."""
        return [FilterValueDrop(value, self.param_name, self._scope, self._chosen) for value in self._row.values]

    def _bound(self, name: str) -> str | None:
        return next((value for key, value in self._chosen if key == f"{self.param_name}.{name}"), "") or None

    @property
    def min_value(self) -> str | None:
        """Lower bound as the shopper wrote it."""
        return self._bound("min")

    @property
    def max_value(self) -> str | None:
        """Upper bound as the shopper wrote it."""
        return self._bound("max")

    @kept
    def active_values(self) -> list[FilterValueDrop]:
        """The chosen values."""
        # Most filters have none, and their hundred values then need no drops.
        return [value for value in self.values if value.active] if self._chosen else []

    @property
    def url_to_remove(self) -> str:
        """This page without the filter."""
        names = {self.param_name, f"{self.param_name}.min", f"{self.param_name}.max", "page"}
        return address(self._scope, [pair for pair in self._scope.request.query if pair[0] not in names])


@exposes("label", "url_to_remove")
class ActiveFilterDrop(Drop):
    """A chosen filter value, for the row of chips."""

    __slots__ = ("label", "url_to_remove")

    def __init__(self, label: str, url_to_remove: str) -> None:
        self.label = label
        self.url_to_remove = url_to_remove


def active_filters(facets: list[FilterDrop]) -> list[ActiveFilterDrop]:
    chips = [
        ActiveFilterDrop(f"{facet.label}: {value.label}" if facet.type == "list" else facet.label, value.url_to_remove)
        for facet in facets
        for value in facet.active_values
    ]
    for facet in facets:
        if facet.type == "price_range" and (facet.min_value or facet.max_value):
            bounds = f"{facet.min_value or ''} \N{EN DASH} {facet.max_value or ''}"
            chips.append(ActiveFilterDrop(f"{facet.label}: {bounds}", facet.url_to_remove))
    return chips


def clear_url(scope: Scope) -> str:
    return address(scope, [p for p in scope.request.query if not p[0].startswith("filter.") and p[0] != "page"])


def query_of(scope: Scope, collection: rows.CollectionRow | None, terms: str | None) -> rows.ListingQuery:
    """Read order and filters from the address, for the main resource of the page."""
    default = collection.sort_by if collection else "relevance"
    filters = tuple((key, value) for key, value in scope.request.query if key.startswith("filter.") and value)
    sort_by = scope.query_value("sort_by") or default
    return rows.ListingQuery(collection.id if collection else None, terms, sort_by, filters)
