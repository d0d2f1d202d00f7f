"""Read a product out of its rows, in the columns of Shopify's product CSV."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from souk.catalog.drafts import MAX_TITLE, ProductDraft, VariantDraft, check_product
from souk.catalog.errors import ProductInvalid
from souk.catalog.handles import slugify
from souk.catalog.importing.errors import RowInvalid
from souk.catalog.importing.reading import ProductRows, Row
from souk.kernel.money import Money, UnreadableAmount

MAX_HANDLE = 255
_DEFAULT = ("Title", "Default Title")
_NO = frozenset(["false", "no", "0"])
_STATUSES = {"active": "active", "draft": "draft", "archived": "archived"}


@dataclass(frozen=True, slots=True)
class ImportedProduct:
    """`stock` has a number for each variant, None where it is not tracked; `pictures` are the file's addresses."""

    handle: str
    line: int
    draft: ProductDraft
    category: tuple[str, ...]
    stock: tuple[int | None, ...]
    pictures: tuple[str, ...]


def read_product(found: ProductRows, currency: str) -> ImportedProduct:
    """Return the product of these rows; raises RowInvalid with the reason."""
    try:
        return _read(found, currency)
    except ProductInvalid as error:
        raise RowInvalid(found.line, found.handle, error.detail) from error
    except UnreadableAmount as error:
        raise RowInvalid(found.line, found.handle, error.detail) from error


def _read(found: ProductRows, currency: str) -> ImportedProduct:
    first = found.rows[0]
    names = _option_names(first)
    variant_rows = [row for row in found.rows if row.get("Variant Price") or row.get("Option1 Value")]
    variants = tuple(_variant(row, len(names), currency) for row in variant_rows)
    draft = ProductDraft(
        title=first.get("Title", "")[:MAX_TITLE],
        variants=variants,
        handle=slugify(found.handle, max_length=MAX_HANDLE),
        description_html=first.get("Body (HTML)", ""),
        vendor=first.get("Vendor", ""),
        product_type=first.get("Type", "") or first.get("Custom Product Type", ""),
        tags=tuple(tag.strip() for tag in first.get("Tags", "").split(",") if tag.strip()),
        status=_status(first),
        options=names,
        seo_title=first.get("SEO Title", "")[:255],
        seo_description=first.get("SEO Description", "").replace("\x00", ""),
    )
    check_product(draft)
    pictures = tuple(row["Image Src"] for row in found.rows if row.get("Image Src"))
    stock = tuple(_stock(row) for row in variant_rows)
    return ImportedProduct(draft.handle, found.line, draft, _category(first), stock, pictures)


def _option_names(row: Row) -> tuple[str, ...]:
    names = tuple(name for n in (1, 2, 3) if (name := row.get(f"Option{n} Name", "")))
    return () if names == _DEFAULT[:1] and row.get("Option1 Value") in {_DEFAULT[1], ""} else names


def _variant(row: Row, options: int, currency: str) -> VariantDraft:
    policy = row.get("Variant Inventory Policy", "").lower()
    return VariantDraft(
        price=_amount(row, "Variant Price", currency) or 0,
        options=tuple(row.get(f"Option{n} Value", "") for n in range(1, options + 1)),
        sku=row.get("Variant SKU", "").removeprefix("'"),
        barcode=row.get("Variant Barcode", "").removeprefix("'"),
        compare_at_price=_amount(row, "Variant Compare At Price", currency),
        cost=_amount(row, "Cost per item", currency),
        weight_grams=_grams(row),
        requires_shipping=row.get("Variant Requires Shipping", "").lower() not in _NO,
        taxable=row.get("Variant Taxable", "").lower() not in _NO,
        inventory_tracked=bool(row.get("Variant Inventory Tracker")),
        inventory_policy="continue" if policy == "continue" else "deny",
    )


def _amount(row: Row, column: str, currency: str) -> int | None:
    text = row.get(column, "")
    return Money.from_major(text, currency).amount if text else None


def _grams(row: Row) -> int:
    text = row.get("Variant Grams", "").partition(".")[0]
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0  # noqa: PLR2004


def _stock(row: Row) -> int | None:
    text = row.get("Variant Inventory Qty", "")
    if not row.get("Variant Inventory Tracker") or not text.lstrip("-").isdigit() or len(text) > 9:  # noqa: PLR2004
        return None
    return int(text)


def _status(row: Row) -> str:
    status = _STATUSES.get(row.get("Status", "").lower(), "active")
    return "draft" if status == "active" and row.get("Published", "").lower() in _NO else status


def _category(row: Row) -> tuple[str, ...]:
    for column in ("Product Category", "Google Shopping / Google Product Category"):
        text = row.get(column, "")
        if text and not text.isdigit():
            return _names(text.split(">"))
    return _names([row.get("Type", "")])


def _names(parts: Sequence[str]) -> tuple[str, ...]:
    return tuple(part.strip()[:255] for part in parts if part.strip())[:8]
