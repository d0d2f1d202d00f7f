"""The product editor's form: filled from a product, or from what was typed, and read into a draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from souk.catalog.drafts import ProductDraft, VariantDraft
from souk.kernel.errors import Invalid
from souk.kernel.money import Money
from souk.web.dashboard.order_reads import Rows
from souk.web.dashboard.stock import whole_number

BLANK_ROWS = 3
MOST_ROWS = 250
_TEXTS = ("title", "handle", "vendor", "product_type", "description_html", "status", "seo_title", "seo_description")
_CELLS = ("id", "option1", "option2", "option3", "price", "compare_at_price", "sku", "weight_grams", "on_hand")
# What the form does not show stays as it is.
_KEPT = (
    "barcode", "cost", "requires_shipping", "taxable", "tax_class", "inventory_tracked", "inventory_policy",
    "media_id",
)  # fmt: skip


class NoVariant(Invalid):
    code = "no_variant"

    def __init__(self) -> None:
        super().__init__("A product needs at least one variant with a price; fill the first row.", field="price")


@dataclass(slots=True)
class ProductForm:
    """Everything as text. A row is one variant; one without price is not a variant."""

    texts: dict[str, str] = field(default_factory=lambda: dict.fromkeys(_TEXTS, "") | {"status": "draft"})
    tags: str = ""
    options: list[str] = field(default_factory=lambda: ["", "", ""])
    rows: list[dict[str, str]] = field(default_factory=list)
    collection_ids: set[int] = field(default_factory=set)

    def with_blank_rows(self) -> ProductForm:
        self.rows += [dict.fromkeys(_CELLS, "") for _ in range(BLANK_ROWS)]
        return self


def form_of_product(product: Any, variants: Rows, collection_ids: set[int], currency: str) -> ProductForm:
    names = [str(option["name"]) for option in product.options]
    return ProductForm(
        texts={name: str(getattr(product, name)) for name in _TEXTS},
        tags=", ".join(product.tags),
        options=[*names, "", "", ""][:3],
        rows=[_row(variant, currency) for variant in variants],
        collection_ids=collection_ids,
    )


def _row(variant: Any, currency: str) -> dict[str, str]:
    row = {name: str(getattr(variant, name)) for name in _CELLS}
    for name in ("price", "compare_at_price"):
        amount = getattr(variant, name)
        row[name] = "" if amount is None else f"{Money(amount, currency).major:f}"
    return row


def form_of_request(form: Mapping[str, str], collection_ids: list[str]) -> ProductForm:
    """Take what was typed; rows are named v-0-price, v-1-price and so on."""
    rows = []
    for index in range(MOST_ROWS):
        if f"v-{index}-price" not in form:
            break
        row = {name: form.get(f"v-{index}-{name}", "").strip() for name in _CELLS}
        if f"v-{index}-remove" not in form and (row["price"] or row["id"] or row["option1"]):
            rows.append(row)
    return ProductForm(
        texts={name: form.get(name, "").strip() for name in _TEXTS},
        tags=form.get("tags", ""),
        options=[form.get(f"option{number}", "").strip() for number in (1, 2, 3)],
        rows=rows,
        collection_ids={int(item) for item in collection_ids if item.isascii() and item.isdecimal()},
    )


def draft_of(form: ProductForm, present: Rows, currency: str, media: tuple[tuple[int, str], ...]) -> ProductDraft:
    """Read the form; raises NoVariant, UnreadableAmount, BadQuantity."""
    if not form.rows:
        raise NoVariant
    names = tuple(name for name in form.options if name)
    by_id = {str(variant.id): variant for variant in present}
    variants = tuple(_variant(row, len(names), by_id.get(row["id"]), currency) for row in form.rows)
    tags = tuple(dict.fromkeys(tag.strip() for tag in form.tags.split(",") if tag.strip()))
    texts: dict[str, Any] = dict(form.texts)
    return ProductDraft(
        **texts,
        variants=variants,
        options=names,
        tags=tags,
        media=media,
        collection_ids=tuple(sorted(form.collection_ids)),
    )


def _variant(row: dict[str, str], options: int, present: Any | None, currency: str) -> VariantDraft:
    kept = {name: getattr(present, name) for name in _KEPT} if present is not None else {}
    before = row["compare_at_price"]
    return VariantDraft(
        price=Money.from_major(row["price"].replace(",", "."), currency).amount,
        options=tuple(row[f"option{number}"] for number in range(1, options + 1)),
        id=int(row["id"]) if present is not None else None,
        sku=row["sku"],
        compare_at_price=Money.from_major(before.replace(",", "."), currency).amount if before else None,
        weight_grams=whole_number(row["weight_grams"]) if row["weight_grams"] else 0,
        **kept,
    )
