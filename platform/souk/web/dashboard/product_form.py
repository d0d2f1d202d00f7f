"""The product editor's form: filled from a product, or from what was typed, and read into a draft."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from souk.catalog.drafts import ProductDetails, ProductDraft, VariantDraft
from souk.catalog.set_options import OptionDraft
from souk.kernel.errors import Invalid
from souk.web.dashboard.gallery import Picture
from souk.web.dashboard.stock import whole_number
from souk.web.dashboard.typed_values import typed_amount
from souk.web.dashboard.variant_cells import limit_of, text_of

TEXTS = (
    "title", "handle", "vendor", "product_type", "description_html", "status", "seo_title", "seo_description",
    "tags", "published_at", "category_id", "template_suffix",
)  # fmt: skip
CELLS = ("price", "compare_at_price", "cost", "sku", "barcode", "weight_grams", "unit_measure", "on_hand",
         "inventory_policy",
         "backorder_limit")  # fmt: skip
OPTIONS = 3


class NoPrice(Invalid):
    code = "no_variant"

    def __init__(self) -> None:
        super().__init__("Write the price; 0 is one as well.", field="price")


class BadMoment(Invalid):
    code = "invalid_moment"

    def __init__(self) -> None:
        super().__init__("Write date and time like 2026-12-31T18:30.", field="published_at")


@dataclass(slots=True)
class ProductForm:
    """Everything as text. `cells` is the only variant, or the pattern of all new ones; `options`: (name, values)."""

    texts: dict[str, str] = field(default_factory=lambda: dict.fromkeys(TEXTS, "") | {"status": "draft"})
    cells: dict[str, str] = field(default_factory=lambda: dict.fromkeys(CELLS, "") | {"inventory_policy": "deny"})
    tracked: bool = True
    options: list[tuple[str, str]] = field(default_factory=lambda: [("", "")] * OPTIONS)
    collection_ids: set[int] = field(default_factory=set)
    pictures: list[Picture] = field(default_factory=list)
    metafields: dict[str, str] = field(default_factory=dict)


def form_of_product(product: Any, variant: Any, currency: str, zone: ZoneInfo) -> ProductForm:
    """Show a stored product; `variant` is its first."""
    texts = {name: str(getattr(product, name) or "") for name in TEXTS} | {"tags": ", ".join(product.tags)}
    moment = product.published_at
    texts["published_at"] = moment.astimezone(zone).strftime("%Y-%m-%dT%H:%M") if moment and product.scheduled else ""
    cells = {name: text_of(variant, name, currency) for name in CELLS}
    return ProductForm(texts=texts, cells=cells, tracked=variant.inventory_tracked)


def form_of_request(form: Mapping[str, str], collection_ids: Sequence[str]) -> ProductForm:
    """Take what was typed."""
    return ProductForm(
        texts={name: form.get(name, "").strip() for name in TEXTS},
        cells={name: form.get(name, "").strip() for name in CELLS},
        tracked="inventory_tracked" in form,
        options=[(form.get(f"o-{n}-name", "").strip(), form.get(f"o-{n}-values", "")) for n in range(OPTIONS)],
        collection_ids={int(item) for item in collection_ids if item.isascii() and item.isdecimal()},
    )


def details_of(form: ProductForm, zone: ZoneInfo) -> ProductDetails:
    """Read what is not about variants; raises BadMoment."""
    texts: dict[str, Any] = {name: form.texts[name] for name in TEXTS if name not in {"tags", "published_at"}}
    category = form.texts["category_id"]
    texts["category_id"] = int(category) if category.isascii() and category.isdecimal() else None
    return ProductDetails(
        **texts,
        tags=tuple(dict.fromkeys(tag.strip() for tag in form.texts["tags"].split(",") if tag.strip())),
        published_at=_moment(form.texts["published_at"], zone),
        media=tuple((picture.id, picture.alt) for picture in form.pictures),
        collection_ids=tuple(sorted(form.collection_ids)),
    )


def draft_of(form: ProductForm, currency: str, zone: ZoneInfo) -> ProductDraft:
    """Read a new product with its first variant; raises NoPrice, UnreadableAmount, BadQuantity, BadMoment."""
    details = details_of(form, zone)
    values = {name: getattr(details, name) for name in details.__slots__}
    return ProductDraft(**values, variants=(variant_of(form, currency),))


def variant_of(form: ProductForm, currency: str) -> VariantDraft:
    """Read the cells of the only variant."""
    cells = form.cells
    if not cells["price"]:
        raise NoPrice
    return VariantDraft(
        price=_amount(cells["price"], currency),
        compare_at_price=_amount(cells["compare_at_price"], currency) if cells["compare_at_price"] else None,
        cost=_amount(cells["cost"], currency) if cells["cost"] else None,
        sku=cells["sku"],
        barcode=cells["barcode"],
        weight_grams=whole_number(cells["weight_grams"] or "0"),
        unit_measure=cells["unit_measure"],
        inventory_policy=cells["inventory_policy"] or "deny",
        backorder_limit=limit_of(cells["backorder_limit"]),
        inventory_tracked=form.tracked,
    )


def options_of(form: ProductForm) -> list[OptionDraft]:
    """Return the options of a new product, values apart by commas; an option without name and values is none."""
    drafts = []
    for name, text in form.options:
        values = dict.fromkeys(value.strip() for value in text.split(",") if value.strip())
        if name or values:
            drafts.append(OptionDraft(name, tuple((value, "") for value in values)))
    return drafts


def _amount(text: str, currency: str) -> int:
    return typed_amount(text, currency) or 0


def _moment(text: str, zone: ZoneInfo) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise BadMoment from None
    return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment
