"""Collections and search results: two faces of a listing."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from themes import rows
from themes.drops import listing as lists
from themes.drops.base import Drop, kept, row_value
from themes.drops.image import ImageDrop, image
from themes.drops.metafields import MetafieldsDrop
from themes.drops.product import products
from themes.drops.scope import Scope
from themes.sandbox.access import exposes


class Listed(Drop):
    """Something with filterable, sortable products; `paged` names the property that paginate may window."""

    __slots__ = ("_listing", "_products", "_scope")
    paged = "products"

    def __init__(self, scope: Scope, query: rows.ListingQuery) -> None:
        self._scope = scope
        self._listing = lists.Listing(scope, query)
        self._products: lists.ProductList | None = None

    def window(self, offset: int, limit: int) -> None:
        self._listing.window(offset, limit)
        self._products = None

    def total(self) -> int:
        return self._listing.row.total

    def _list(self) -> lists.ProductList:
        if self._products is None:
            self._products = lists.ProductList(self._listing)
        return self._products

    filters = property(lambda self: self._listing.facets, doc="Filters of the products.")
    sort_by = property(lambda self: self._listing.query.sort_by, doc="The order in use.")

    @kept
    def active_filters(self) -> list[lists.ActiveFilterDrop]:
        """Chosen filter values."""
        return lists.active_filters(self._listing.facets)

    @kept
    def sort_options(self) -> list[lists.SortOptionDrop]:
        """Possible orders."""
        return lists.sort_options(self._listing.query.sort_by)

    @kept
    def clear_url(self) -> str:
        """This page without any filter."""
        return lists.clear_url(self._scope)


_LISTED = ("filters", "active_filters", "sort_by", "sort_options", "clear_url")


@exposes("id", "title", "handle", "url", "description", "image", "products", "products_count", "all_products_count",
         "metafields",
         *_LISTED)  # fmt: skip
class CollectionDrop(Listed):
    """A collection."""

    __slots__ = ("_row",)

    def __init__(self, row: rows.CollectionRow, scope: Scope, *, main: bool = False) -> None:
        query = lists.query_of(scope, row, None) if main else rows.ListingQuery(row.id, None, row.sort_by)
        super().__init__(scope, query)
        self._row = row
        scope.keys.add(f"collection-{row.id}")
        scope.references.expect_collection(row.id)

    id = row_value("id", "Number of the collection.")
    title = row_value("title", "Title.")
    handle = row_value("handle", "Name in the address.")
    all_products_count = row_value("products_count", "How many products it has, without filters.")
    url = property(lambda self: f"{self._scope.prefix}/collections/{self._row.handle}", doc="Address.")
    description = property(lambda self: Markup(self._row.description), doc="Sanitised HTML.")
    products = property(lambda self: self._list(), doc="Its products: 50, or the window of paginate.")

    @property
    def image(self) -> ImageDrop | None:
        """Picture of the collection."""
        return image(self._row.image)

    @kept
    def metafields(self) -> MetafieldsDrop:
        """The merchant's own fields, such as `collection.metafields.custom.season`; a reference gives the object."""
        references = self._scope.references
        return MetafieldsDrop(references.metafields_of_collection(self._row.id), references)

    @property
    def products_count(self) -> int:
        """How many products match the chosen filters."""
        return self.total() if self._listing.query.filters else self._row.products_count


@exposes("terms", "performed", "results", "results_count", "notice", "suggestions", "alternatives",
         *_LISTED)  # fmt: skip
class SearchDrop(Listed):
    """A search and its results."""

    __slots__ = ("_row",)
    paged = "results"

    def __init__(self, row: rows.SearchRow, scope: Scope) -> None:
        super().__init__(scope, lists.query_of(scope, None, row.terms))
        self._row = row

    terms = row_value("terms", "What was searched for.")
    performed = row_value("performed", "False while nothing was searched for.")
    results_count = property(lambda self: self.total() if self._row.performed else 0, doc="How many products match.")
    notice = property(lambda self: self._listing.row.notice if self._row.performed else None, doc="A hint, or nothing.")

    @property
    def results(self) -> Any:
        """The products found."""
        return self._list() if self._row.performed else []

    @property
    def suggestions(self) -> list[str]:
        """Other searches that find more."""
        return list(self._listing.row.suggestions) if self._row.performed else []

    @property
    def alternatives(self) -> Any:
        """Products to show when nothing was found."""
        return products(self._scope, self._listing.row.alternatives) if self._row.performed else []
