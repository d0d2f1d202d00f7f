"""Products as an app reads and writes them; names and status values are those of the field."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from souk.web.api.schemas.common import Amount, Money, Shape, Time, whole
from souk.web.api.schemas.paging import Changes, CursorPage, CursorParameters

ProductStatus = Literal["draft", "active", "archived"]
InventoryPolicy = Literal["deny", "continue"]
Whole = Annotated[int, Field(ge=0, le=10**9), BeforeValidator(whole)]
VariantId = Annotated[str, Field(pattern=r"^variant_[1-9][0-9]{0,17}$")]
MediaId = Annotated[str, Field(pattern=r"^media_[1-9][0-9]{0,17}$")]
CollectionId = Annotated[str, Field(pattern=r"^collection_[1-9][0-9]{0,17}$")]
CategoryId = Annotated[str, Field(pattern=r"^category_[1-9][0-9]{0,17}$")]
Text = Annotated[str, Field(max_length=255)]
MOST_VARIANTS = 2_048


# What a variant holds, for the unit price: "750 ml", or "250 g / 100 g" to tell the price for 100 g.
UnitMeasure = Annotated[str, Field(max_length=60)]
# Whose zones send a variant; empty for the ordinary ones.
ProfileName = Annotated[str, Field(max_length=80)]


class ProductParameters(CursorParameters):
    """`handle` and `vendor` match exactly; `updated_since` finds what changed at that time or later."""

    status: ProductStatus | None = None
    handle: str = Field(default="", max_length=255)
    vendor: str = Field(default="", max_length=255)
    updated_since: Time | None = None


class NameValue(Shape):
    name: str = Field(min_length=1, max_length=255)
    value: str = Field(max_length=1_000)


class OptionView(Shape):
    name: str
    values: list[str]


class GalleryInput(Shape):
    media_id: MediaId
    alt: Text = ""


class GalleryView(Shape):
    media_id: str
    url: str
    alt: str
    width: int
    height: int


class VariantInput(Shape):
    """`options` maps each option of the product to this variant's value. With `id` a variant of the product is kept,
    and what is left out stays as it is.
    """

    id: VariantId | None = None
    options: dict[str, str] = Field(default_factory=dict, max_length=3)
    price: Amount | None = None
    compare_at_price: Amount | None = None
    cost: Amount | None = None
    sku: Text = ""
    barcode: Text = ""
    weight_grams: Whole = 0
    unit_measure: UnitMeasure = ""
    requires_shipping: bool = True
    taxable: bool = True
    tax_class: Text = "standard"
    shipping_profile: ProfileName = ""
    inventory_tracked: bool = True
    inventory_policy: InventoryPolicy = "deny"
    backorder_limit: Whole | None = None
    media_id: MediaId | None = None


class VariantChanges(Changes):
    price: Amount = Decimal(0)
    compare_at_price: Amount | None = None
    cost: Amount | None = None
    sku: Text = ""
    barcode: Text = ""
    weight_grams: Whole = 0
    unit_measure: UnitMeasure = ""
    requires_shipping: bool = True
    taxable: bool = True
    tax_class: Text = "standard"
    shipping_profile: ProfileName = ""
    inventory_tracked: bool = True
    inventory_policy: InventoryPolicy = "deny"
    backorder_limit: Whole | None = None
    media_id: MediaId | None = None


class AdminVariant(Shape):
    """`available` is what may be sold now, null where stock is not tracked."""

    id: str
    product_id: str
    title: str
    options: dict[str, str]
    position: int
    price: Money
    compare_at_price: Money | None
    cost: Money | None
    currency: str
    sku: str
    barcode: str
    weight_grams: int
    unit_measure: str
    requires_shipping: bool
    taxable: bool
    tax_class: str
    shipping_profile: str
    inventory_tracked: bool
    inventory_policy: InventoryPolicy
    backorder_limit: int | None
    available: int | None
    media_id: str | None
    metafields: dict[str, Any]
    components: list[Component]


class ComponentInput(Shape):
    """`quantity` units of a variant in each bundle."""

    variant_id: VariantId
    quantity: Annotated[int, Field(ge=1, le=1_000), BeforeValidator(whole)]


class Components(Shape):
    """What a bundle consists of; an empty list makes it an ordinary variant again."""

    components: list[ComponentInput] = Field(max_length=30)


class Component(Shape):
    variant_id: str
    product_id: str
    title: str
    variant_title: str
    sku: str
    quantity: int


class NewProduct(Shape):
    """A product is a draft unless `status` says more. Without `options` it has exactly one variant."""

    title: str = Field(min_length=1, max_length=255)
    variants: list[VariantInput] = Field(min_length=1, max_length=MOST_VARIANTS)
    handle: Text = ""
    description_html: str = Field(default="", max_length=200_000)
    vendor: Text = ""
    product_type: Text = ""
    category_id: CategoryId | None = None
    tags: list[Text] = Field(default_factory=list, max_length=250)
    status: ProductStatus = "draft"
    published_at: Time | None = None
    options: list[Text] = Field(default_factory=list, max_length=3)
    specifications: list[NameValue] = Field(default_factory=list, max_length=200)
    seo_title: Text = ""
    seo_description: str = Field(default="", max_length=1_000)
    template_suffix: Text = ""
    media: list[GalleryInput] = Field(default_factory=list, max_length=250)
    collection_ids: list[CollectionId] = Field(default_factory=list, max_length=250)


class ProductChanges(Changes):
    """`variants`, `media`, `tags`, `specifications` and `collection_ids` replace what is there.

    With `version` the change is refused when the product has changed since it was read.
    """

    version: Whole | None = None
    title: str = Field(default="", min_length=1, max_length=255)
    variants: list[VariantInput] = Field(default_factory=list, min_length=1, max_length=MOST_VARIANTS)
    handle: str = Field(default="", min_length=1, max_length=255)
    description_html: str = Field(default="", max_length=200_000)
    vendor: Text = ""
    product_type: Text = ""
    category_id: CategoryId | None = None
    tags: list[Text] = Field(default_factory=list, max_length=250)
    status: ProductStatus = "draft"
    published_at: Time | None = None
    options: list[Text] = Field(default_factory=list, max_length=3)
    specifications: list[NameValue] = Field(default_factory=list, max_length=200)
    seo_title: Text = ""
    seo_description: str = Field(default="", max_length=1_000)
    template_suffix: Text = ""
    media: list[GalleryInput] = Field(default_factory=list, max_length=250)
    collection_ids: list[CollectionId] = Field(default_factory=list, max_length=250)


class AdminProduct(Shape):
    """`category` is the path from the root, joined by " > "; `version` rises with every change."""

    id: str
    handle: str
    title: str
    description_html: str
    vendor: str
    product_type: str
    category_id: str | None
    category: str | None
    tags: list[str]
    status: ProductStatus
    published_at: datetime | None
    options: list[OptionView]
    variants: list[AdminVariant]
    media: list[GalleryView]
    specifications: list[NameValue]
    collection_ids: list[str]
    metafields: dict[str, Any]
    seo_title: str
    seo_description: str
    template_suffix: str
    currency: str
    available: bool
    rating: Money
    rating_count: int
    version: int
    created_at: datetime
    updated_at: datetime


class AdminProductPage(CursorPage):
    products: list[AdminProduct]
