"""What a merchant wants a product or collection to be, checked before anything is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import EllipsisType
from typing import Any

from souk.catalog.errors import CollectionInvalid, ProductInvalid
from souk.catalog.handles import is_suffix
from souk.catalog.models import INVENTORY_POLICIES, PRODUCT_STATUSES
from souk.catalog.unit_price import UnitMeasureInvalid, read_measure
from souk.kernel.money import MAX_AMOUNT

MAX_OPTIONS = 3
MAX_VARIANTS = 2_048
MAX_TITLE = 255
MAX_TEXT = 255
MAX_HTML = 200_000
MAX_TAGS = 250
MAX_BACKORDERS = 1_000_000
DEFAULT_TITLE = "Default Title"


@dataclass(frozen=True, slots=True)
class VariantDraft:
    """Prices are minor units. `options` has one value for each option of the product; `id` keeps a variant.

    `backorder_limit` is how many may be promised beyond the stock under the policy `continue`, None without limit;
    left out, a variant that stays keeps its own.
    """

    price: int
    options: tuple[str, ...] = ()
    id: int | None = None
    sku: str = ""
    barcode: str = ""
    compare_at_price: int | None = None
    cost: int | None = None
    weight_grams: int = 0
    unit_measure: str = ""
    requires_shipping: bool = True
    taxable: bool = True
    tax_class: str = "standard"
    shipping_profile: str = ""
    inventory_tracked: bool = True
    inventory_policy: str = "deny"
    backorder_limit: int | EllipsisType | None = ...
    media_id: int | None = None

    @property
    def title(self) -> str:
        return " / ".join(self.options) or DEFAULT_TITLE


@dataclass(frozen=True, slots=True)
class ProductDraft:
    """`options` names the choices; their values come from the variants in their order.

    `media` is (media id, alternative text) in order. None for `media` or `collection_ids` leaves them as they are.
    An active product without `published_at` is published at once.
    """

    title: str
    variants: tuple[VariantDraft, ...]
    handle: str = ""
    description_html: str = ""
    vendor: str = ""
    product_type: str = ""
    category_id: int | None = None
    tags: tuple[str, ...] = ()
    status: str = "active"
    published_at: datetime | None = None
    options: tuple[str, ...] = ()
    specifications: tuple[tuple[str, str], ...] = ()
    seo_title: str = ""
    seo_description: str = ""
    template_suffix: str = ""
    media: tuple[tuple[int, str], ...] | None = None
    collection_ids: tuple[int, ...] | None = None

    def option_values(self) -> list[dict[str, object]]:
        """Return the options as they are stored: name and values, without repetition."""
        return [
            {"name": name, "values": list(dict.fromkeys(variant.options[index] for variant in self.variants))}
            for index, name in enumerate(self.options)
        ]


@dataclass(frozen=True, slots=True)
class ProductDetails:
    """Everything about a product but its variants; `published_at` None leaves the time to the status."""

    title: str
    handle: str = ""
    description_html: str = ""
    vendor: str = ""
    product_type: str = ""
    category_id: int | None = None
    tags: tuple[str, ...] = ()
    status: str = "active"
    published_at: datetime | None = None
    seo_title: str = ""
    seo_description: str = ""
    template_suffix: str = ""
    media: tuple[tuple[int, str], ...] | None = None
    collection_ids: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class CollectionDraft:
    title: str
    handle: str = ""
    description_html: str = ""
    media_id: int | None = None
    sort_order: str = "manual"
    position: int = 1
    published: bool = True
    product_ids: tuple[int, ...] | None = field(default=None)
    # As stored (see souk.catalog.rules); None for a collection arranged by hand.
    rules: Mapping[str, Any] | None = None
    seo_title: str = ""
    seo_description: str = ""
    template_suffix: str = ""


def check_product(draft: ProductDraft) -> None:
    """Raise ProductInvalid for the first thing that cannot be stored."""
    check_details(draft)
    _check_options(draft)
    for number, variant in enumerate(draft.variants):
        check_variant(f"variants[{number}]", variant)


def check_details(draft: ProductDraft | ProductDetails) -> None:
    """Check what is not about variants; raises ProductInvalid."""
    texts = {
        "title": draft.title, "handle": draft.handle, "vendor": draft.vendor, "product_type": draft.product_type,
        "seo_title": draft.seo_title, "template_suffix": draft.template_suffix,
    }  # fmt: skip
    _check_texts(texts)
    if not draft.title.strip():
        raise ProductInvalid("title", "a product needs a title.")
    if draft.status not in PRODUCT_STATUSES:
        raise ProductInvalid("status", f"choose one of {', '.join(PRODUCT_STATUSES)}.")
    if len(draft.description_html) > MAX_HTML:
        raise ProductInvalid("description_html", f"shorten it to {MAX_HTML:,} characters.")
    if len(draft.tags) > MAX_TAGS:
        raise ProductInvalid("tags", f"use at most {MAX_TAGS} tags.")
    _check_texts({f"tags[{n}]": tag for n, tag in enumerate(draft.tags)})


def check_collection(draft: CollectionDraft) -> None:
    """Raise CollectionInvalid for the first thing that cannot be stored."""
    if not draft.title.strip() or len(draft.title) > MAX_TITLE or "\x00" in draft.title:
        raise CollectionInvalid("title", f"write 1 to {MAX_TITLE} characters.")
    if len(draft.description_html) > MAX_HTML:
        raise CollectionInvalid("description_html", f"shorten it to {MAX_HTML:,} characters.")
    if not is_suffix(draft.template_suffix):
        raise CollectionInvalid("template_suffix", "write what stands after `collection.`, such as sale.")


def _check_texts(texts: Mapping[str, str]) -> None:
    for name, value in texts.items():
        if len(value) > MAX_TEXT or "\x00" in value:
            raise ProductInvalid(name, f"use at most {MAX_TEXT} characters, without NUL bytes.")


def _check_options(draft: ProductDraft) -> None:
    if not 1 <= len(draft.variants) <= MAX_VARIANTS:
        raise ProductInvalid("variants", f"a product has 1 to {MAX_VARIANTS:,} variants.")
    if len(draft.options) > MAX_OPTIONS or len(set(draft.options)) != len(draft.options):
        raise ProductInvalid("options", f"name at most {MAX_OPTIONS} different options.")
    if not draft.options and len(draft.variants) > 1:
        raise ProductInvalid("options", "name the option by which the variants differ.")
    if any(len(variant.options) != len(draft.options) for variant in draft.variants):
        raise ProductInvalid("variants", "give each variant one value for each option.")
    if len({variant.options for variant in draft.variants}) != len(draft.variants):
        raise ProductInvalid("variants", "two variants have the same options; change one of them.")


def check_variant(name: str, variant: VariantDraft) -> None:
    """Raise ProductInvalid; `name` is where the variant stands."""
    _check_texts({f"{name}.{field}": getattr(variant, field) for field in ("sku", "barcode", "shipping_profile")})
    _check_texts({f"{name}.options[{n}]": value for n, value in enumerate(variant.options)})
    for field_name in ("price", "compare_at_price", "cost"):
        amount = getattr(variant, field_name)
        if amount is not None and not 0 <= amount <= MAX_AMOUNT:
            raise ProductInvalid(f"{name}.{field_name}", "an amount is not negative and not that large.")
    if not 0 <= variant.weight_grams <= 10**9:
        raise ProductInvalid(f"{name}.weight_grams", "give grams, from 0 to 1,000,000,000.")
    try:
        read_measure(variant.unit_measure)
    except UnitMeasureInvalid as error:
        raise ProductInvalid(f"{name}.unit_measure", error.detail) from None
    if variant.inventory_policy not in INVENTORY_POLICIES:
        raise ProductInvalid(f"{name}.inventory_policy", f"choose one of {', '.join(INVENTORY_POLICIES)}.")
    if isinstance(variant.backorder_limit, int) and not 0 <= variant.backorder_limit <= MAX_BACKORDERS:
        raise ProductInvalid(f"{name}.backorder_limit", f"give 0 to {MAX_BACKORDERS:,} units, or none for no limit.")
