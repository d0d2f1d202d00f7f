"""Write products in the columns of Shopify's product CSV, every cell harmless to a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence

from souk.catalog.exporting.addresses import Address
from souk.catalog.importing.cells import guard, guard_code
from souk.catalog.importing.metafields import text_of
from souk.catalog.importing.parts import cell_of, names_cell
from souk.catalog.importing.state import ProductState, VariantState
from souk.catalog.metafields.define import Definition
from souk.catalog.unit_price import read_measure
from souk.kernel.money import Money

_PRODUCT = ("Title", "Body (HTML)", "Vendor", "Product Category", "Type", "Tags", "Published")
_OPTIONS = (
    "Option1 Name", "Option1 Value", "Option2 Name", "Option2 Value", "Option3 Name", "Option3 Value",
)  # fmt: skip
_VARIANT = (
    "Variant SKU", "Variant Grams", "Variant Inventory Tracker", "Variant Inventory Qty", "Variant Inventory Policy",
    "Variant Fulfillment Service", "Variant Price", "Variant Compare At Price", "Variant Requires Shipping",
    "Variant Taxable", "Variant Barcode",
)  # fmt: skip
_REST = (
    "Image Src", "Image Position", "Image Alt Text", "Gift Card", "SEO Title", "SEO Description", "Variant Image",
    "Unit Price Total Measure", "Unit Price Total Measure Unit", "Unit Price Base Measure",
    "Unit Price Base Measure Unit", "Variant Weight Unit", "Cost per item", "Status",
)  # fmt: skip
# Shopify has no columns for bundles and files that are sold, and passes over those that it does not know.
_OWN = ("Bundle Components", "Digital Files", "Download Limit", "Download Days")
COLUMNS = ("Handle", *_PRODUCT, *_OPTIONS, *_VARIANT, *_REST, *_OWN)
BOM = "\ufeff"  # spreadsheets take the file for UTF-8 only with it


def metafield_columns(definitions: Iterable[Definition]) -> dict[str, str]:
    """Return the key of the metafield by its heading, which Shopify writes in the same form."""
    return {guard(f"{each.name} (product.metafields.{each.full_key})"): each.full_key for each in definitions}


def head(metafields: Mapping[str, str]) -> str:
    """Return what stands before the products."""
    columns = (*COLUMNS, *metafields)
    return BOM + _lines([dict(zip(columns, columns, strict=True))], columns)


def write(states: Iterable[ProductState], currency: str, address: Address, metafields: Mapping[str, str]) -> str:
    """Return the products' rows; `metafields` has the key of each further column."""
    rows = (row for state in states for row in _rows(state, currency, address, metafields))
    return _lines(rows, (*COLUMNS, *metafields))


def _lines(rows: Iterable[dict[str, str]], columns: Sequence[str]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\r\n")
    writer.writerows(rows)
    return text.getvalue()


def _rows(
    state: ProductState, currency: str, address: Address, metafields: Mapping[str, str]
) -> Iterator[dict[str, str]]:
    """The first row has the product; each row may have a variant and a picture."""
    for number in range(max(len(state.variants), len(state.pictures))):
        row = {"Handle": state.handle}
        if number == 0:
            row |= _product(state)
            row |= {column: guard(text_of(state.metafields.get(key))) for column, key in metafields.items()}
        if number < len(state.variants):
            row |= _variant(state, state.variants[number], currency, address, first=number == 0)
        if number < len(state.pictures):
            url, alt = state.pictures[number]
            row |= {"Image Src": address(url), "Image Position": str(number + 1), "Image Alt Text": guard(alt)}
        yield row


def _product(state: ProductState) -> dict[str, str]:
    return {
        "Title": guard(state.title),
        "Body (HTML)": guard(state.description_html),
        "Vendor": guard(state.vendor),
        "Product Category": guard(" > ".join(state.category)),
        "Type": guard(state.product_type),
        "Tags": guard(", ".join(state.tags)),
        "Published": _yes(state.status == "active"),
        "Gift Card": "false",
        "SEO Title": guard(state.seo_title),
        "SEO Description": guard(state.seo_description),
        "Status": state.status,
        "Download Limit": _number(state.download_times),
        "Download Days": _number(state.download_days),
    }


def _variant(
    state: ProductState, variant: VariantState, currency: str, address: Address, *, first: bool
) -> dict[str, str]:
    return _options(state, variant, first=first) | {
        "Variant SKU": guard_code(variant.sku),
        "Variant Grams": str(variant.weight_grams),
        "Variant Inventory Tracker": "shopify" if variant.inventory_tracked else "",
        "Variant Inventory Qty": "" if variant.on_hand is None else str(variant.on_hand),
        "Variant Inventory Policy": variant.inventory_policy,
        "Variant Fulfillment Service": "manual",
        "Variant Price": amount(variant.price, currency),
        "Variant Compare At Price": amount(variant.compare_at_price, currency),
        "Variant Requires Shipping": _yes(variant.requires_shipping),
        "Variant Taxable": _yes(variant.taxable),
        "Variant Barcode": guard_code(variant.barcode),
        "Variant Image": address(variant.picture),
        "Variant Weight Unit": "g",
        **_measure(variant.unit_measure),
        "Cost per item": amount(variant.cost, currency),
        "Bundle Components": guard(cell_of(variant.components)),
        "Digital Files": guard(names_cell(variant.files)),
    }


def _measure(text: str) -> dict[str, str]:
    found = read_measure(text)
    if found is None:
        return {}
    return {
        "Unit Price Total Measure": f"{found.value.normalize():f}",
        "Unit Price Total Measure Unit": found.unit,
        "Unit Price Base Measure": f"{found.reference.normalize():f}",
        "Unit Price Base Measure Unit": found.reference_unit,
    }


def _options(state: ProductState, variant: VariantState, *, first: bool) -> dict[str, str]:
    names = state.options or ("Title",)
    values = variant.options if state.options else ("Default Title", "", "")
    cells = {f"Option{number} Value": guard(values[number - 1]) for number in range(1, len(names) + 1)}
    if first:
        cells |= {f"Option{number} Name": guard(name) for number, name in enumerate(names, 1)}
    return cells


def amount(minor: int | None, currency: str) -> str:
    """Return an amount in major units with a decimal point, empty for none."""
    return "" if minor is None else f"{Money(minor, currency).major:f}"


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def _yes(value: bool) -> str:  # noqa: FBT001 - the one thing it says
    return "true" if value else "false"
