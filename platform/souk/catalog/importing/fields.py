"""The fields that a column of a file can fill."""

from __future__ import annotations

import re
from dataclasses import dataclass

PRODUCT, VARIANT, PICTURE = "Product", "Variant", "Picture"


@dataclass(frozen=True, slots=True)
class Field:
    """`several` columns may fill it; others take one column."""

    name: str
    label: str
    level: str
    several: bool = False


_ALL = (
    Field("handle", "Address (handle)", PRODUCT),
    Field("title", "Title", PRODUCT),
    Field("description_html", "Description", PRODUCT),
    Field("vendor", "Vendor", PRODUCT),
    Field("product_type", "Type", PRODUCT),
    Field("category", "Category (A > B)", PRODUCT),
    Field("tags", "Tags (separated by commas)", PRODUCT),
    Field("status", "Status", PRODUCT),
    Field("published", "Published (yes or no)", PRODUCT),
    Field("seo_title", "Title for search engines", PRODUCT),
    Field("seo_description", "Description for search engines", PRODUCT),
    Field("specification", "Specification (its heading is the name)", PRODUCT, several=True),
    Field("download_times", "Downloads of each bought file", PRODUCT),
    Field("download_days", "Days in which it can be downloaded", PRODUCT),
    Field("option1_name", "Name of option 1", VARIANT),
    Field("option1_value", "Value of option 1", VARIANT),
    Field("option2_name", "Name of option 2", VARIANT),
    Field("option2_value", "Value of option 2", VARIANT),
    Field("option3_name", "Name of option 3", VARIANT),
    Field("option3_value", "Value of option 3", VARIANT),
    Field("sku", "SKU", VARIANT),
    Field("barcode", "Barcode", VARIANT),
    Field("price", "Price", VARIANT),
    Field("price_minor", "Price in cents", VARIANT),
    Field("compare_at_price", "Price before (compare at)", VARIANT),
    Field("cost", "Cost per item", VARIANT),
    Field("weight_grams", "Weight in grams", VARIANT),
    Field("weight_kilograms", "Weight in kilograms", VARIANT),
    Field("unit_measure", "Contents for the unit price (750 ml / 1 l)", VARIANT),
    Field("measure_value", "Unit price: contents", VARIANT),
    Field("measure_unit", "Unit price: unit of the contents", VARIANT),
    Field("reference_value", "Unit price: told for how much", VARIANT),
    Field("reference_unit", "Unit price: unit it is told for", VARIANT),
    Field("requires_shipping", "Needs shipping (yes or no)", VARIANT),
    Field("taxable", "Taxable (yes or no)", VARIANT),
    Field("inventory_tracker", "Stock is counted (any text is yes)", VARIANT),
    Field("inventory_quantity", "Stock on hand", VARIANT),
    Field("inventory_policy", "Sold out: deny or continue", VARIANT),
    Field("variant_picture", "Address of the variant's picture", VARIANT),
    Field("components", "Parts of a bundle (SKU x quantity)", VARIANT),
    Field("files", "Files that buyers get (names, to compare)", VARIANT),
    Field("picture", "Address of a picture", PICTURE, several=True),
    Field("picture_alt", "What the picture shows", PICTURE),
    Field("picture_position", "Place of the picture", PICTURE),
)
FIELDS = {field.name: field for field in _ALL}
# "metafield:namespace.key" stands for a metafield of the product.
METAFIELD = "metafield:"
_METAFIELD = re.compile(r"metafield:[a-z0-9_-]{2,64}\.[a-z0-9_-]{2,64}")
OPTION_NAMES = ("option1_name", "option2_name", "option3_name")
OPTION_VALUES = ("option1_value", "option2_value", "option3_value")
# A row with none of these belongs to a picture.
MAKES_A_VARIANT = (*OPTION_VALUES, "price", "price_minor", "sku", "barcode")


def field_of(name: str) -> Field | None:
    """Return the field of this name, None where there is none."""
    if _METAFIELD.fullmatch(name):
        return Field(name, name.removeprefix(METAFIELD), "Metafield")
    return FIELDS.get(name)


def by_level() -> dict[str, list[Field]]:
    """Return the fields under Product, Variant and Picture, as a form lists them."""
    groups: dict[str, list[Field]] = {PRODUCT: [], VARIANT: [], PICTURE: []}
    for field in _ALL:
        groups[field.level].append(field)
    return groups
