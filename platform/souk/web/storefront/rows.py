"""Turn the catalogue's records into the rows that themes read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Protocol

from markupsafe import Markup
from sqlalchemy.orm import Session

from souk.catalog.cards import Picture, ProductCard
from souk.catalog.collection_queries import CollectionRecord
from souk.catalog.facets import FacetCount
from souk.catalog.metafields.shown import Shown
from souk.catalog.metafields.types import write_text
from souk.catalog.metaobjects.queries import ShownEntry
from souk.catalog.variant_records import VariantRecord
from souk.content.menus import Link
from souk.content.pages import PageRecord
from souk.kernel.localized import Texts, texts_of_many
from souk.pricing.book import Book
from souk.web.storefront.language import here
from themes import rows


class _Converts(Protocol):
    def shown(self, amount: int) -> int: ...


_NO_TEXTS: Mapping[int, Texts] = MappingProxyType({})
DEFAULT_OPTION = ("Title", ["Default Title"])
ALL_PRODUCTS = 0


def image_row(picture: Picture | None) -> rows.ImageRow | None:
    if picture is None:
        return None
    own = (picture.id, picture.key, picture.alt, picture.width, picture.height, picture.position, picture.focus)
    return rows.ImageRow(*own)


# The number of a variant is what forms are sent with, so that is what a theme is given.
_REFERRED = {f"{kind}_reference": kind for kind in ("metaobject", "file", "product", "collection", "page")}


def metafield_value(kind: str, value: Any) -> Any:
    """Return what a theme shows: text, number, yes or no, sanitised HTML, a reference, or a list of these."""
    if kind == "rich_text_field":
        # Cleaned when it was stored.
        return Markup(value)  # noqa: S704
    if isinstance(value, list):
        return [metafield_value(kind.removeprefix("list."), item) for item in value]
    if kind in _REFERRED:
        return rows.ReferenceRow(_REFERRED[kind], value)
    return value if isinstance(value, bool | int) else write_text(value)


def metafield_rows(found: Mapping[int, Shown]) -> dict[int, dict[str, Any]]:
    """Return the values of many owners as a theme shows them."""
    return {key: {name: metafield_value(*pair) for name, pair in values.items()} for key, values in found.items()}


def entry_row(entry: ShownEntry) -> rows.EntryRow:
    fields = {key: metafield_value(*pair) for key, pair in entry.fields.items()}
    return rows.EntryRow(entry.id, entry.type, entry.handle, entry.title, fields)


def page_row(page: PageRecord) -> rows.PageRow:
    return rows.PageRow(page.id, page.handle, page.title, page.content_html)


def product_row(card: ProductCard) -> rows.ProductRow:
    return rows.ProductRow(
        id=card.id,
        handle=card.handle,
        title=card.title,
        price_min=card.price_min,
        price_max=card.price_max,
        compare_at_price=card.compare_at_price,
        available=card.available,
        vendor=card.vendor,
        type=card.product_type,
        tags=card.tags,
        featured_image=image_row(card.picture),
        second_image=image_row(card.second_picture),
        rating=float(card.rating) if card.rating_count else None,
        rating_count=card.rating_count,
        has_only_default_variant=not card.options,
        unit_measure=card.unit_measure,
        created_at=card.created_at,
        options=card.options,
    )


def variant_row(
    variant: VariantRecord, book: Book, label: Callable[[str], str] = str, texts: Mapping[int, Texts] = _NO_TEXTS
) -> rows.VariantRow:
    """Return a variant as a theme sees it; `texts` are those of products that are parts of bundles."""
    found = book.resolve(variant.id, variant.price, variant.compare_at_price)
    labelled = tuple(map(label, variant.options))
    return rows.VariantRow(
        id=variant.id,
        product_id=variant.product_id,
        title=variant.title if labelled == variant.options else " / ".join(labelled),
        price=found.price,
        options=variant.options,
        compare_at_price=found.compare_at,
        available=variant.available,
        sku=variant.sku,
        barcode=variant.barcode,
        inventory_policy=variant.inventory_policy,
        low_stock=variant.low_stock,
        backorder=variant.backorder,
        image=image_row(variant.picture),
        weight_grams=variant.weight_grams,
        unit_measure=variant.unit_measure,
        breaks=tuple(book.breaks(variant.id, variant.price)),
        components=part_rows(variant.components, label, texts),
    )


def part_rows(
    components: Sequence[Mapping[str, Any]] | None, label: Callable[[str], str], texts: Mapping[int, Texts]
) -> tuple[rows.PartRow, ...]:
    """Return what a bundle consists of, as the catalogue and the cart keep it, in the language of the visit."""
    return tuple(
        rows.PartRow(
            quantity=int(part["quantity"]),
            title=texts.get(part["product_id"], {}).get("title", str(part["title"])),
            variant_title="" if part["variant_title"] == "Default Title" else in_words(part["variant_title"], label),
            sku=str(part["sku"]),
        )
        for part in components or ()
    )


def in_words(variant_title: str, label: Callable[[str], str]) -> str:
    """Return the values of a variant, each in the language of the visit."""
    return " / ".join(label(word) for word in variant_title.split(" / "))


def parts_texts(session: Session, bundles: Iterable[Sequence[Mapping[str, Any]] | None]) -> dict[int, Texts]:
    """Return the translated texts of the products in bundles: no query where there are none."""
    return texts_of_many(session, "product", sorted({part["product_id"] for parts in bundles for part in parts or ()}))


def collection_row(record: CollectionRecord) -> rows.CollectionRow:
    return rows.CollectionRow(
        id=record.id,
        handle=record.handle,
        title=record.title,
        description=record.description_html,
        image=image_row(record.picture),
        products_count=record.products_count,
        sort_by=record.sort_order,
        template_suffix=record.template_suffix,
    )


def all_products_row(total: int) -> rows.CollectionRow:
    """Return the collection of everything, which no merchant has to make."""
    return rows.CollectionRow(
        ALL_PRODUCTS, "all", here()("titles.all_products"), products_count=total, sort_by="created-descending"
    )


def link_row(link: Link) -> rows.LinkRow:
    return rows.LinkRow(link.title, link.url, tuple(link_row(below) for below in link.links))


def facet_rows(counts: list[FacetCount], label: Callable[[str], str] = str) -> tuple[rows.FacetRow, ...]:
    """Group the counts into filters in the order shoppers expect; `label` says their words in the visit's language."""
    grouped: dict[str, list[FacetCount]] = {}
    for count in counts:
        grouped.setdefault(count.name, []).append(count)
    say = here()
    made = [_list(say("facets.category"), "category", grouped, label), _list(say("facets.brand"), "brand", grouped)]
    made += [_list(label(name[7:]), name, grouped, label) for name in sorted(grouped) if name.startswith("option.")]
    if grouped.get("price"):
        made.append(rows.FacetRow(say("facets.price"), "filter.price", "price_range", (), grouped["price"][0].count))
    if grouped.get("available"):
        value = rows.FacetValueRow("1", say("facets.in_stock"), grouped["available"][0].count)
        made.append(rows.FacetRow(say("facets.availability"), "filter.available", "boolean", (value,)))
    if grouped.get("rating"):
        values = tuple(
            rows.FacetValueRow(c.value, say("facets.stars", count=int(c.value)), c.count) for c in grouped["rating"]
        )
        made.append(rows.FacetRow(say("facets.rating"), "filter.rating.min", "list", values))
    return tuple(row for row in made if row is not None)


def facets_in(prices: _Converts, facets: Sequence[rows.FacetRow]) -> tuple[rows.FacetRow, ...]:
    """Return the filters with the dearest price in the currency of the visit."""
    return tuple(
        replace(facet, range_max=prices.shown(facet.range_max)) if facet.range_max else facet for facet in facets
    )


def _list(
    title: str, name: str, grouped: dict[str, list[FacetCount]], label: Callable[[str], str] = str
) -> rows.FacetRow | None:
    counts = grouped.get(name)
    if not counts:
        return None
    values = tuple(rows.FacetValueRow(count.value, label(count.label), count.count) for count in counts)
    return rows.FacetRow(title, f"filter.{name}", "list", values)
