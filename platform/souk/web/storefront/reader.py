"""What a theme asks of the shop, answered from its tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from sqlalchemy.orm import Session

from souk.catalog.cards import Picture, ProductCard, cards_by_handle, cards_by_id
from souk.catalog.collection_queries import (
    CollectionRecord,
    collections_and_pictures,
    collections_by_handle,
    collections_of,
    list_collections,
)
from souk.catalog.facets import count_facets
from souk.catalog.filters import ProductFilters
from souk.catalog.listing import count_products, list_window
from souk.catalog.metafields.shown import collection_metafields, variant_metafields
from souk.catalog.metaobjects.queries import shown_by_handle, shown_of_type
from souk.catalog.relations import ProductTexts, pictures_of, related_to, texts_of
from souk.catalog.variant_records import FIRST_VARIANTS, first_variants_of, variants_of
from souk.content.menus import menus_by_handle
from souk.content.pages import pages_by_handle
from souk.kernel.localized import labels
from souk.web.storefront.filters import product_filters
from souk.web.storefront.goods import Goods
from souk.web.storefront.kept_facets import KeptFacets
from souk.web.storefront.prices import Prices
from souk.web.storefront.queries import images_by_key, reviews_of
from souk.web.storefront.references import REFERENCED
from souk.web.storefront.rows import (
    all_products_row,
    collection_row,
    entry_row,
    facet_rows,
    facets_in,
    image_row,
    link_row,
    metafield_rows,
    page_row,
    product_row,
)
from themes import rows

T = TypeVar("T")


class Run(Protocol):
    """Runs a query in the page's transaction, or in one of its own."""

    def __call__(self, ask: Callable[[Session], T]) -> T: ...


class Visitor(Protocol):
    """Cart and customer of the request."""

    def cart(self) -> rows.CartRow: ...

    def customer(self) -> rows.CustomerRow | None: ...


Search = Callable[[rows.ListingQuery, int, int], rows.ListingRow]


@dataclass(frozen=True, slots=True)
class Main:
    """The collection that a page is about: how many products it has and what they can be filtered by is known."""

    collection: rows.CollectionRow
    facets: KeptFacets


class SqlReader:
    """Implements `themes.reader.Reader`; bound to one shop by `run`, and to one visitor."""

    def __init__(
        self,
        run: Run,
        prices: Prices,
        visitor: Visitor,
        search: Search | None = None,
        main: Main | None = None,
        *,
        goods: Goods | None = None,
    ) -> None:
        self._main = main
        self._run = run
        self._prices = prices
        self._search = search
        # What the view has read already of the product that its page is about.
        self._texts: dict[int, ProductTexts] = {goods.card.id: goods.texts} if goods else {}
        self._galleries: dict[int, Sequence[Picture]] = {goods.card.id: goods.gallery} if goods else {}
        self._reviews: dict[int, Sequence[rows.ReviewRow]] = {goods.card.id: goods.reviews} if goods else {}
        self._variants: dict[int, Sequence[rows.VariantRow]] = {}
        self._options: dict[int, Sequence[Mapping[str, Any]]] = {}
        self.cart = visitor.cart
        self.customer = visitor.customer

    def products_by_handle(self, handles: Sequence[str]) -> Mapping[str, rows.ProductRow]:
        found = self._run(lambda session: cards_by_handle(session, handles))
        return dict(zip(found, self._rows(list(found.values())), strict=True))

    def _rows(self, cards: Sequence[ProductCard]) -> tuple[rows.ProductRow, ...]:
        # A card holds the options already: the swatches of a list need not read every product's texts.
        self._options |= {card.id: card.options for card in cards}
        priced = self._run(lambda session: self._prices.cards(session, cards))
        return tuple(product_row(card) for card in priced)

    def collections_by_handle(self, handles: Sequence[str]) -> Mapping[str, rows.CollectionRow]:
        return self._collections(handles, self._run(lambda session: collections_by_handle(session, handles)))

    def collections_and_images(
        self, handles: Sequence[str], keys: Sequence[str]
    ) -> tuple[Mapping[str, rows.CollectionRow], Mapping[str, rows.ImageRow]]:
        records, pictures = self._run(lambda session: collections_and_pictures(session, handles, keys))
        images = {key: row for key, picture in pictures.items() if (row := image_row(picture))}
        return self._collections(handles, records), images

    def _collections(
        self, handles: Sequence[str], records: Mapping[str, CollectionRecord]
    ) -> Mapping[str, rows.CollectionRow]:
        found = {handle: collection_row(record) for handle, record in records.items()}
        if "all" in handles and "all" not in found:
            total = self._run(lambda session: count_products(session, ProductFilters()))
            found["all"] = all_products_row(total)
        return found

    def pages_by_handle(self, handles: Sequence[str]) -> Mapping[str, rows.PageRow]:
        found = self._run(lambda session: pages_by_handle(session, handles))
        return {handle: page_row(page) for handle, page in found.items()}

    def menus(self, handles: Sequence[str]) -> Mapping[str, rows.MenuRow]:
        found = self._run(lambda session: menus_by_handle(session, handles))
        return {
            handle: rows.MenuRow(handle, menu.title, tuple(link_row(link) for link in menu.links))
            for handle, menu in found.items()
        }

    def images_by_key(self, keys: Sequence[str]) -> Mapping[str, rows.ImageRow]:
        return self._run(lambda session: images_by_key(session, keys))

    def _text(self, product_ids: Sequence[int]) -> Mapping[int, ProductTexts]:
        # Four relations of a product page stand in one row: the first of them loads it for all.
        missing = [product_id for product_id in product_ids if product_id not in self._texts]
        if missing:
            self._texts |= self._run(lambda session: texts_of(session, missing))
        return {product_id: self._texts[product_id] for product_id in product_ids if product_id in self._texts}

    def descriptions_of(self, product_ids: Sequence[int]) -> Mapping[int, str]:
        return {key: texts.description_html for key, texts in self._text(product_ids).items()}

    def variants_of(self, product_ids: Sequence[int]) -> Mapping[int, Sequence[rows.VariantRow]]:
        found = self._run(lambda session: self._prices.variants(session, variants_of(session, product_ids)))
        self._variants |= found
        return found

    def first_variants_of(self, product_ids: Sequence[int]) -> Mapping[int, Sequence[rows.VariantRow]]:
        if self._variants.keys() >= set(product_ids):
            return {key: self._variants[key][:FIRST_VARIANTS] for key in product_ids}
        return self._run(lambda session: self._prices.variants(session, first_variants_of(session, product_ids)))

    def options_of(self, product_ids: Sequence[int]) -> Mapping[int, Sequence[rows.OptionRow]]:
        unknown = [product_id for product_id in product_ids if product_id not in self._options]
        self._options |= {key: texts.options for key, texts in self._text(unknown).items()}
        label = self._run(labels)
        return {key: _options(self._options[key], label) for key in product_ids if key in self._options}

    def media_of(self, product_ids: Sequence[int]) -> Mapping[int, Sequence[rows.ImageRow]]:
        found: Mapping[int, Sequence[Picture]] | None = _known(self._galleries, product_ids)
        if found is None:
            found = self._run(lambda session: pictures_of(session, product_ids))
        return {key: [row for p in gallery if (row := image_row(p))] for key, gallery in found.items()}

    def collections_of(self, product_ids: Sequence[int]) -> Mapping[int, Sequence[rows.CollectionRow]]:
        found = self._run(lambda session: collections_of(session, product_ids))
        return {key: [collection_row(record) for record in records] for key, records in found.items()}

    def categories_of(self, product_ids: Sequence[int]) -> Mapping[int, rows.CategoryRow]:
        return {
            key: rows.CategoryRow(texts.category[1], f"/collections/all?filter.category={texts.category[0]}")
            for key, texts in self._text(product_ids).items()
            if texts.category
        }

    def metafields_of(self, product_ids: Sequence[int]) -> Mapping[int, Mapping[str, Any]]:
        return metafield_rows({key: texts.metafields for key, texts in self._text(product_ids).items()})

    def variant_metafields_of(self, product_ids: Sequence[int]) -> Mapping[int, Mapping[int, Mapping[str, Any]]]:
        found = self._run(lambda session: variant_metafields(session, product_ids))
        return {key: metafield_rows(variants) for key, variants in found.items()}

    def collection_metafields_of(self, collection_ids: Sequence[int]) -> Mapping[int, Mapping[str, Any]]:
        return metafield_rows(self._run(lambda session: collection_metafields(session, collection_ids)))

    def referenced(self, kind: str, ids: Sequence[int]) -> Mapping[int, Any]:
        if kind == "product":
            return {row.id: row for row in self._rows(self._run(lambda session: cards_by_id(session, ids)))}
        return self._run(lambda session: REFERENCED[kind](session, ids))

    def entries_of_type(self, kind: str, limit: int) -> tuple[Sequence[rows.EntryRow], int]:
        found, total = self._run(lambda session: shown_of_type(session, kind, 0, limit))
        return [entry_row(entry) for entry in found], total

    def entries_by_handle(self, kind: str, handles: Sequence[str]) -> Mapping[str, rows.EntryRow]:
        found = self._run(lambda session: shown_by_handle(session, kind, handles))
        return {handle: entry_row(entry) for handle, entry in found.items()}

    def specifications_of(self, product_ids: Sequence[int]) -> Mapping[int, Sequence[rows.SpecificationRow]]:
        return {
            key: [rows.SpecificationRow(line["name"], line["value"]) for line in texts.specifications]
            for key, texts in self._text(product_ids).items()
        }

    def reviews_of(self, product_ids: Sequence[int]) -> Mapping[int, Sequence[rows.ReviewRow]]:
        known = _known(self._reviews, product_ids)
        return self._run(lambda session: reviews_of(session, product_ids)) if known is None else known

    def related_to(self, product_ids: Sequence[int]) -> Mapping[int, Sequence[rows.ProductRow]]:
        found = self._run(lambda session: related_to(session, product_ids))
        return {key: self._rows(cards) for key, cards in found.items()}

    def collections(self, offset: int, limit: int) -> tuple[Sequence[rows.CollectionRow], int]:
        found, total = self._run(lambda session: list_collections(session, offset, limit))
        return [collection_row(record) for record in found], total

    def listing(self, query: rows.ListingQuery, offset: int, limit: int) -> rows.ListingRow:
        if query.terms is not None and self._search is not None:
            results = self._search(query, offset, limit)
            self._options |= {row.id: row.options for row in (*results.products, *results.alternatives)}
            return results
        filters = product_filters(query, self._prices)
        main = self._main_of(query)
        total = main.collection.products_count if main is not None and not query.filters else None
        found = self._run(lambda session: list_window(session, filters, query.sort_by, offset, limit, total))
        return rows.ListingRow(self._rows(found.products), found.total)

    def facets(self, query: rows.ListingQuery) -> Sequence[rows.FacetRow]:
        filters = product_filters(query, self._prices)

        def count() -> Sequence[rows.FacetRow]:
            return facet_rows(self._run(lambda session: count_facets(session, filters)), self._run(labels))

        main = self._main_of(query)
        found = count() if main is None else main.facets.or_count(query, count)
        return facets_in(self._prices, found)

    def _main_of(self, query: rows.ListingQuery) -> Main | None:
        main = self._main
        return main if main is not None and main.collection.id == query.collection_id else None


def _known(kept: Mapping[int, T], product_ids: Sequence[int]) -> dict[int, T] | None:
    """Return what is kept of these products, None unless it is kept of all."""
    return {key: kept[key] for key in product_ids} if kept.keys() >= set(product_ids) else None


def _options(options: Sequence[Mapping[str, Any]], label: Callable[[str], str]) -> list[rows.OptionRow]:
    return [
        rows.OptionRow(name, position, tuple(values), label(name), tuple(map(label, values)))
        for position, (name, values) in enumerate(((each["name"], each["values"]) for each in options), 1)
    ]
