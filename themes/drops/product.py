"""Products and their variants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from themes import rows
from themes.drops.base import Batch, Drop, kept, row_value
from themes.drops.details import CategoryDrop, ComponentDrop, QuantityBreakDrop, ReviewDrop, SpecificationDrop
from themes.drops.image import ImageDrop, image
from themes.drops.metafields import MetafieldsDrop
from themes.drops.money import MoneyDrop, money
from themes.drops.options import Judged, OptionDrop
from themes.drops.scope import Scope
from themes.drops.unit_price import unit_price, unit_told
from themes.sandbox.access import exposes

if TYPE_CHECKING:
    from themes.drops.collection import CollectionDrop


@exposes("id", "title", "sku", "barcode", "price", "compare_at_price", "available", "inventory_policy", "low_stock",
         "backorder",
         "options", "option1", "option2", "option3", "image", "url", "weight_grams", "selected",
         "components", "quantity_breaks", "unit_price", "unit_price_for", "metafields")  # fmt: skip
class VariantDrop(Drop):
    """One combination of a product's options."""

    __slots__ = ("_product", "_row", "price")
    json_names = (
        "id",
        "title",
        "sku",
        "available",
        "price",
        "compare_at_price",
        "options",
        "low_stock",
        "url",
        "image",
    )

    def __init__(self, row: rows.VariantRow, product: ProductDrop) -> None:
        self._row = row
        self._product = product
        self.price = MoneyDrop(row.price, product.scope.currency)

    id = row_value("id", "Number of the variant; the value of the form field `id`.")
    title = row_value("title", "Values of its options, joined.")
    sku = row_value("sku", "The merchant's stock keeping unit.")
    barcode = row_value("barcode", "GTIN, ISBN or similar.")
    available = row_value("available", "True when it can be bought now.")
    inventory_policy = row_value("inventory_policy", "deny or continue, when stock runs out.")
    low_stock = row_value("low_stock", "How many are left when 5 or fewer, else nothing.")
    backorder = row_value("backorder", "True when it can be bought but has to come in first.")
    weight_grams = row_value("weight_grams", "Weight in grams.")

    @property
    def compare_at_price(self) -> MoneyDrop | None:
        """Former price."""
        return money(self._row.compare_at_price, self._product.scope.currency)

    @property
    def unit_price(self) -> MoneyDrop | None:
        """Price for a unit of measure, such as a litre, or nothing."""
        return unit_price(self._row.unit_measure, self._row.price, self._product.scope.currency)

    @property
    def unit_price_for(self) -> str | None:
        """What the unit price is told for, such as 1 l."""
        return unit_told(self._row.unit_measure, self._product.scope.locale)

    @property
    def options(self) -> list[str]:
        """Values in the order of the product's options."""
        return list(self._row.options)

    def _option(self, index: int) -> str | None:
        return self._row.options[index] if len(self._row.options) > index else None

    option1 = property(lambda self: self._option(0), doc="Value of the first option.")
    option2 = property(lambda self: self._option(1), doc="Value of the second option.")
    option3 = property(lambda self: self._option(2), doc="Value of the third option.")

    @property
    def image(self) -> ImageDrop | None:
        """Picture of this variant."""
        return image(self._row.image)

    @property
    def url(self) -> str:
        """Address of the product with this variant chosen."""
        return f"{self._product.url}?variant={self._row.id}"

    @property
    def components(self) -> list[ComponentDrop]:
        """What is in it, when it is a bundle."""
        return [ComponentDrop(row) for row in self._row.components]

    @property
    def quantity_breaks(self) -> list[QuantityBreakDrop]:
        """What one piece costs from how many on (`minimum`, `price`), ascending; mostly empty."""
        currency = self._product.scope.currency
        return [QuantityBreakDrop(least, MoneyDrop(price, currency)) for least, price in self._row.breaks]

    @kept
    def metafields(self) -> MetafieldsDrop:
        """The merchant's own fields, such as `variant.metafields.custom.length`; a reference gives the object."""
        own = self._product._variant_metafields.get(self._row.id, {})  # noqa: SLF001 - a part of the product
        return MetafieldsDrop(own, self._product.scope.references)

    @property
    def selected(self) -> bool:
        """True when the address chooses it."""
        return self._product.scope.variant == str(self._row.id)


@exposes("id", "title", "handle", "url", "description", "vendor", "type", "tags", "price", "price_min", "price_max",
         "price_varies", "compare_at_price", "on_sale", "available", "featured_image", "second_image", "images",
         "options", "options_with_values", "variants", "bundles", "first_variants",
         "selected_or_first_available_variant", "selected_variant",
         "has_only_default_variant", "rating", "rating_count", "reviews", "category", "specifications", "metafields",
         "collections", "related", "created_at", "unit_price", "unit_price_for")  # fmt: skip
class ProductDrop(Drop):
    """A product."""

    __slots__ = ("_batch", "_row", "price", "scope", "url")
    json_names = ("id", "title", "handle", "url", "price", "available")

    def __init__(self, row: rows.ProductRow, batch: Batch) -> None:
        self._row = row
        self._batch = batch
        self.scope = batch.scope
        self.price = MoneyDrop(row.price_min, batch.scope.currency)
        self.url = f"{self.scope.prefix}/products/{row.handle}"

    id = row_value("id", "Number of the product.")
    title = row_value("title", "Name of the product.")
    handle = row_value("handle", "Name in the address.")
    vendor = row_value("vendor", "Brand or maker.")
    type = row_value("type", "Kind of product, in the merchant's words.")
    available = row_value("available", "True when a variant can be bought now.")
    rating = row_value("rating", "Average of the reviews, or nothing.")
    rating_count = row_value("rating_count", "How many reviews there are.")
    has_only_default_variant = row_value("has_only_default_variant", "True when there is nothing to choose.")
    created_at = row_value("created_at", "When it was added.")

    @kept
    def tags(self) -> list[str]:
        """The merchant's tags."""
        return list(self._row.tags)

    @property
    def price_min(self) -> MoneyDrop:
        """Lowest price of its variants."""
        return self.price

    @property
    def price_max(self) -> MoneyDrop:
        """Highest price of its variants."""
        return MoneyDrop(self._row.price_max, self.scope.currency)

    @property
    def price_varies(self) -> bool:
        """True when its variants differ in price."""
        return self._row.price_min != self._row.price_max

    @property
    def compare_at_price(self) -> MoneyDrop | None:
        """Former price of the cheapest variant."""
        return money(self._row.compare_at_price, self.scope.currency)

    @property
    def unit_price(self) -> MoneyDrop | None:
        """Price of the cheapest variant for a unit of measure, such as a litre, or nothing."""
        return unit_price(self._row.unit_measure, self._row.price_min, self.scope.currency)

    @property
    def unit_price_for(self) -> str | None:
        """What the unit price is told for, such as 1 l."""
        return unit_told(self._row.unit_measure, self.scope.locale)

    @property
    def on_sale(self) -> bool:
        """True when the former price is higher."""
        former = self._row.compare_at_price
        return former is not None and former > self._row.price_min

    @property
    def featured_image(self) -> ImageDrop | None:
        """First picture."""
        return image(self._row.featured_image)

    @property
    def second_image(self) -> ImageDrop | None:
        """Second picture, which cards show under the pointer; it comes with the card, while `images` takes a query."""
        return image(self._row.second_image)

    @property
    def description(self) -> Markup:
        """Sanitised HTML."""
        return Markup(self._batch.related(self.scope.reader.descriptions_of, self._row.id) or "")

    @kept
    def images(self) -> list[ImageDrop]:
        """All pictures in order."""
        found = self._batch.related(self.scope.reader.media_of, self._row.id) or ()
        return [ImageDrop(row) for row in found]

    @kept
    def variants(self) -> list[VariantDrop]:
        """All variants in order."""
        found = self._batch.related(self.scope.reader.variants_of, self._row.id) or ()
        return [VariantDrop(row, self) for row in found]

    @kept
    def bundles(self) -> list[VariantDrop]:
        """The variants that consist of others."""
        return [variant for variant in self.variants if variant.components]

    @kept
    def first_variants(self) -> list[VariantDrop]:
        """At most 12 variants in order, for tables of many products."""
        found = self._batch.related(self.scope.reader.first_variants_of, self._row.id) or ()
        return [VariantDrop(row, self) for row in found]

    @kept
    def selected_variant(self) -> VariantDrop | None:
        """The variant that the address chooses."""
        return next((variant for variant in self.variants if variant.selected), None)

    @kept
    def selected_or_first_available_variant(self) -> VariantDrop | None:
        """The chosen variant, else the first that can be bought, else the first."""
        able = next((variant for variant in self.variants if variant.available), None)
        return self.selected_variant or able or next(iter(self.variants), None)

    def _option_rows(self) -> Sequence[rows.OptionRow]:
        return self._batch.related(self.scope.reader.options_of, self._row.id) or ()

    @kept
    def options(self) -> list[str]:
        """Names of the options."""
        return [row.name for row in self._option_rows()]

    @kept
    def options_with_values(self) -> list[OptionDrop]:
        """Options with their values, for a variant picker."""
        return [OptionDrop(row, self) for row in self._option_rows()]

    @kept
    def _by_options(self) -> dict[tuple[str, ...], VariantDrop]:
        return {tuple(variant.options): variant for variant in reversed(self.variants)}

    def _judge(self, row: rows.OptionRow, index: int) -> dict[str, Judged]:
        chosen = self.selected_or_first_available_variant
        picked, by_options = chosen.options if chosen else [], self._by_options
        nearest: dict[str, VariantDrop] = {}
        for variant in self.variants:
            if len(variant.options) > index:
                nearest.setdefault(variant.options[index], variant)
        judged = {}
        for value in row.values:
            match = by_options.get((*picked[:index], value, *picked[index + 1 :]))
            near = match or nearest.get(value)
            judged[value] = Judged(
                selected=picked[index : index + 1] == [value],
                available=bool(match and match.available),
                url=near.url if near else self.url,
            )
        return judged

    @kept
    def reviews(self) -> list[ReviewDrop]:
        """At most 10 reviews, newest first."""
        found = self._batch.related(self.scope.reader.reviews_of, self._row.id) or ()
        return [ReviewDrop(row) for row in found]

    @kept
    def category(self) -> CategoryDrop | None:
        """Its category."""
        row = self._batch.related(self.scope.reader.categories_of, self._row.id)
        return None if row is None else CategoryDrop(row, self.scope.prefix)

    @kept
    def specifications(self) -> list[SpecificationDrop]:
        """Its specifications."""
        found = self._batch.related(self.scope.reader.specifications_of, self._row.id) or ()
        return [SpecificationDrop(row) for row in found]

    @kept
    def metafields(self) -> MetafieldsDrop:
        """The merchant's own fields, such as `product.metafields.custom.burn_time`; a reference gives the object."""
        references = self.scope.references
        return MetafieldsDrop(self._batch.related(references.metafields_of, self._row.id) or {}, references)

    @kept
    def _variant_metafields(self) -> Mapping[int, Mapping[str, Any]]:
        # By product and not by variant: a list reads those of all its products at once.
        return self._batch.related(self.scope.references.variant_metafields_of, self._row.id) or {}

    @property
    def collections(self) -> list[CollectionDrop]:
        """At most 10 collections that hold it."""
        self.scope.tainted = True
        return self._collections

    @kept
    def _collections(self) -> list[CollectionDrop]:
        from themes.drops.collection import CollectionDrop  # noqa: PLC0415 - the two name each other

        found = self._batch.related(self.scope.reader.collections_of, self._row.id) or ()
        return [CollectionDrop(row, self.scope) for row in found]

    @property
    def related(self) -> list[ProductDrop]:
        """At most 8 related products."""
        self.scope.tainted = True
        return self._related

    @kept
    def _related(self) -> list[ProductDrop]:
        return products(self.scope, self._batch.related(self.scope.reader.related_to, self._row.id) or ())


def products(scope: Scope, found: Sequence[rows.ProductRow]) -> list[ProductDrop]:
    """Make drops of one result set: siblings share a batch."""
    batch = Batch(scope, [row.id for row in found])
    scope.keys.update([f"product-{row.id}" for row in found])
    return [ProductDrop(row, batch) for row in found]
