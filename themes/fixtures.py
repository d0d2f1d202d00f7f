"""An in-memory Reader: a small shop for tests and for building themes without a database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from themes import rows

K = TypeVar("K")
V = TypeVar("V")


def _pick(table: Mapping[K, V], keys: Sequence[K]) -> dict[K, V]:
    return {key: table[key] for key in keys if key in table}


@dataclass(slots=True)
class FixtureReader:
    """Fill the tables that a test needs; `calls` counts the loads by name."""

    products: tuple[rows.ProductRow, ...] = ()
    collection_rows: tuple[rows.CollectionRow, ...] = ()
    page_rows: tuple[rows.PageRow, ...] = ()
    menu_rows: tuple[rows.MenuRow, ...] = ()
    images: tuple[rows.ImageRow, ...] = ()
    descriptions: Mapping[int, str] = field(default_factory=dict)
    variants: Mapping[int, Sequence[rows.VariantRow]] = field(default_factory=dict)
    options: Mapping[int, Sequence[rows.OptionRow]] = field(default_factory=dict)
    media: Mapping[int, Sequence[rows.ImageRow]] = field(default_factory=dict)
    categories: Mapping[int, rows.CategoryRow] = field(default_factory=dict)
    metafields: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    variant_metafields: Mapping[int, Mapping[int, Mapping[str, Any]]] = field(default_factory=dict)
    collection_metafields: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    entries: tuple[rows.EntryRow, ...] = ()
    specifications: Mapping[int, Sequence[rows.SpecificationRow]] = field(default_factory=dict)
    reviews: Mapping[int, Sequence[rows.ReviewRow]] = field(default_factory=dict)
    facet_rows: tuple[rows.FacetRow, ...] = ()
    cart_row: rows.CartRow = rows.CartRow("USD")
    customer_row: rows.CustomerRow | None = None
    calls: Counter[str] = field(default_factory=Counter)

    def products_by_handle(self, handles: Sequence[str]) -> Mapping[str, rows.ProductRow]:
        self.calls["products_by_handle"] += 1
        return _pick({row.handle: row for row in self.products}, handles)

    def collections_by_handle(self, handles: Sequence[str]) -> Mapping[str, rows.CollectionRow]:
        self.calls["collections_by_handle"] += 1
        return _pick({row.handle: row for row in self.collection_rows}, handles)

    def pages_by_handle(self, handles: Sequence[str]) -> Mapping[str, rows.PageRow]:
        self.calls["pages_by_handle"] += 1
        return _pick({row.handle: row for row in self.page_rows}, handles)

    def menus(self, handles: Sequence[str]) -> Mapping[str, rows.MenuRow]:
        self.calls["menus"] += 1
        return _pick({row.handle: row for row in self.menu_rows}, handles)

    def collections_and_images(
        self, handles: Sequence[str], keys: Sequence[str]
    ) -> tuple[Mapping[str, rows.CollectionRow], Mapping[str, rows.ImageRow]]:
        return self.collections_by_handle(handles), self.images_by_key(keys)

    def images_by_key(self, keys: Sequence[str]) -> Mapping[str, rows.ImageRow]:
        self.calls["images_by_key"] += 1
        return _pick({row.key: row for row in self.images}, keys)

    def descriptions_of(self, product_ids: Sequence[int]) -> Mapping[int, str]:
        self.calls["descriptions_of"] += 1
        return _pick(self.descriptions, product_ids)

    def variants_of(self, product_ids: Sequence[int]) -> Mapping[int, Sequence[rows.VariantRow]]:
        self.calls["variants_of"] += 1
        return _pick(self.variants, product_ids)

    def first_variants_of(self, product_ids: Sequence[int]) -> Mapping[int, Sequence[rows.VariantRow]]:
        self.calls["first_variants_of"] += 1
        return {key: found[:12] for key, found in _pick(self.variants, product_ids).items()}

    def options_of(self, product_ids: Sequence[int]) -> Mapping[int, Sequence[rows.OptionRow]]:
        self.calls["options_of"] += 1
        return _pick(self.options, product_ids)

    def media_of(self, product_ids: Sequence[int]) -> Mapping[int, Sequence[rows.ImageRow]]:
        self.calls["media_of"] += 1
        return _pick(self.media, product_ids)

    def collections_of(self, product_ids: Sequence[int]) -> Mapping[int, Sequence[rows.CollectionRow]]:
        self.calls["collections_of"] += 1
        return dict.fromkeys(product_ids, self.collection_rows[:10])

    def categories_of(self, product_ids: Sequence[int]) -> Mapping[int, rows.CategoryRow]:
        self.calls["categories_of"] += 1
        return _pick(self.categories, product_ids)

    def metafields_of(self, product_ids: Sequence[int]) -> Mapping[int, Mapping[str, Any]]:
        self.calls["metafields_of"] += 1
        return _pick(self.metafields, product_ids)

    def variant_metafields_of(self, product_ids: Sequence[int]) -> Mapping[int, Mapping[int, Mapping[str, Any]]]:
        self.calls["variant_metafields_of"] += 1
        return _pick(self.variant_metafields, product_ids)

    def collection_metafields_of(self, collection_ids: Sequence[int]) -> Mapping[int, Mapping[str, Any]]:
        self.calls["collection_metafields_of"] += 1
        return _pick(self.collection_metafields, collection_ids)

    def referenced(self, kind: str, ids: Sequence[int]) -> Mapping[int, Any]:
        self.calls["referenced"] += 1
        table: dict[str, tuple[Any, ...]] = {
            "metaobject": self.entries, "file": self.images, "product": self.products,
            "collection": self.collection_rows, "page": self.page_rows,
        }  # fmt: skip
        return _pick({row.id: row for row in table[kind]}, ids)

    def entries_of_type(self, kind: str, limit: int) -> tuple[Sequence[rows.EntryRow], int]:
        self.calls["entries_of_type"] += 1
        found = [row for row in self.entries if row.type == kind]
        return found[:limit], len(found)

    def entries_by_handle(self, kind: str, handles: Sequence[str]) -> Mapping[str, rows.EntryRow]:
        self.calls["entries_by_handle"] += 1
        return _pick({row.handle: row for row in self.entries if row.type == kind}, handles)

    def specifications_of(self, product_ids: Sequence[int]) -> Mapping[int, Sequence[rows.SpecificationRow]]:
        self.calls["specifications_of"] += 1
        return _pick(self.specifications, product_ids)

    def reviews_of(self, product_ids: Sequence[int]) -> Mapping[int, Sequence[rows.ReviewRow]]:
        self.calls["reviews_of"] += 1
        return _pick(self.reviews, product_ids)

    def related_to(self, product_ids: Sequence[int]) -> Mapping[int, Sequence[rows.ProductRow]]:
        self.calls["related_to"] += 1
        return {key: [row for row in self.products if row.id != key][:8] for key in product_ids}

    def collections(self, offset: int, limit: int) -> tuple[Sequence[rows.CollectionRow], int]:
        self.calls["collections"] += 1
        return self.collection_rows[offset : offset + limit], len(self.collection_rows)

    def listing(self, query: rows.ListingQuery, offset: int, limit: int) -> rows.ListingRow:
        """List every product; `terms` narrows to titles that hold them, filters are left to real readers."""
        self.calls["listing"] += 1
        terms = (query.terms or "").casefold()
        found = [row for row in self.products if terms in row.title.casefold()]
        return rows.ListingRow(tuple(found[offset : offset + limit]), len(found), self.facet_rows)

    def facets(self, query: rows.ListingQuery) -> Sequence[rows.FacetRow]:
        self.calls["facets"] += 1
        return self.facet_rows

    def cart(self) -> rows.CartRow:
        self.calls["cart"] += 1
        return self.cart_row

    def customer(self) -> rows.CustomerRow | None:
        self.calls["customer"] += 1
        return self.customer_row
