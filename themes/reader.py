"""What drops may ask of a shop: tenant-bound, batched loads.

An implementation is bound to one tenant and one request. Each call is one load of the page's query budget, so
it should be one query. Mappings leave out what does not exist; sequences keep the shop's own order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from themes import rows


class Reader(Protocol):
    def products_by_handle(self, handles: Sequence[str]) -> Mapping[str, rows.ProductRow]: ...

    def collections_by_handle(self, handles: Sequence[str]) -> Mapping[str, rows.CollectionRow]: ...

    def pages_by_handle(self, handles: Sequence[str]) -> Mapping[str, rows.PageRow]: ...

    def menus(self, handles: Sequence[str]) -> Mapping[str, rows.MenuRow]: ...

    def images_by_key(self, keys: Sequence[str]) -> Mapping[str, rows.ImageRow]: ...

    def collections_and_images(
        self, handles: Sequence[str], keys: Sequence[str]
    ) -> tuple[Mapping[str, rows.CollectionRow], Mapping[str, rows.ImageRow]]:
        """Both at once: the settings of a page name collections and pictures."""
        ...

    def descriptions_of(self, product_ids: Sequence[int]) -> Mapping[int, str]:
        """Return the sanitised HTML description of each product."""
        ...

    def variants_of(self, product_ids: Sequence[int]) -> Mapping[int, Sequence[rows.VariantRow]]: ...

    def first_variants_of(self, product_ids: Sequence[int]) -> Mapping[int, Sequence[rows.VariantRow]]:
        """Return at most 12 variants of each product, in their order."""
        ...

    def options_of(self, product_ids: Sequence[int]) -> Mapping[int, Sequence[rows.OptionRow]]: ...

    def media_of(self, product_ids: Sequence[int]) -> Mapping[int, Sequence[rows.ImageRow]]: ...

    def collections_of(self, product_ids: Sequence[int]) -> Mapping[int, Sequence[rows.CollectionRow]]:
        """Return at most 10 collections of each product."""
        ...

    def categories_of(self, product_ids: Sequence[int]) -> Mapping[int, rows.CategoryRow]: ...

    def metafields_of(self, product_ids: Sequence[int]) -> Mapping[int, Mapping[str, Any]]:
        """Return the values by "namespace.key": text, numbers, booleans, safe HTML, references, or lists of these."""
        ...

    def variant_metafields_of(self, product_ids: Sequence[int]) -> Mapping[int, Mapping[int, Mapping[str, Any]]]:
        """Return the values of the variants of each product, by the number of the variant."""
        ...

    def collection_metafields_of(self, collection_ids: Sequence[int]) -> Mapping[int, Mapping[str, Any]]: ...

    def referenced(self, kind: str, ids: Sequence[int]) -> Mapping[int, Any]:
        """Return the rows of what references of this kind name: of entries, pictures, products and so on."""
        ...

    def entries_of_type(self, kind: str, limit: int) -> tuple[Sequence[rows.EntryRow], int]:
        """Return the first entries of a type by title, and how many there are."""
        ...

    def entries_by_handle(self, kind: str, handles: Sequence[str]) -> Mapping[str, rows.EntryRow]: ...

    def specifications_of(self, product_ids: Sequence[int]) -> Mapping[int, Sequence[rows.SpecificationRow]]: ...

    def reviews_of(self, product_ids: Sequence[int]) -> Mapping[int, Sequence[rows.ReviewRow]]:
        """Return at most 10 published reviews of each product, newest first."""
        ...

    def related_to(self, product_ids: Sequence[int]) -> Mapping[int, Sequence[rows.ProductRow]]:
        """Return at most 8 related products of each product."""
        ...

    def collections(self, offset: int, limit: int) -> tuple[Sequence[rows.CollectionRow], int]:
        """Return a window of the shop's collections and how many there are."""
        ...

    def listing(self, query: rows.ListingQuery, offset: int, limit: int) -> rows.ListingRow: ...

    def facets(self, query: rows.ListingQuery) -> Sequence[rows.FacetRow]: ...

    def cart(self) -> rows.CartRow: ...

    def customer(self) -> rows.CustomerRow | None: ...
