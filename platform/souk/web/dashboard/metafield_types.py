"""What the types of metafields are called, and how their values are written."""

from __future__ import annotations

from collections.abc import Mapping

from souk.catalog.metafields.types import TYPES

# type -> (its name, what to write; empty where the input says it)
_KINDS: Mapping[str, tuple[str, str]] = {
    "single_line_text_field": ("Text, one line", ""),
    "multi_line_text_field": ("Text, several lines", ""),
    "rich_text_field": ("Rich text (HTML)", "HTML; unsafe parts are removed"),
    "number_integer": ("Whole number", ""),
    "number_decimal": ("Number", ""),
    "boolean": ("Yes or no", ""),
    "date": ("Date", "such as 2026-12-31"),
    "date_time": ("Date and time", "such as 2026-12-31T18:30"),
    "money": ("Amount of money", "such as 12.50 EUR"),
    "weight": ("Weight", "such as 2 kg; also g, lb, oz"),
    "volume": ("Volume", "such as 750 ml; also cl, l, m3, pt, gal"),
    "dimension": ("Length", "such as 30 cm; also mm, m, in, ft, yd"),
    "rating": ("Rating", "such as 4.5"),
    "color": ("Colour", "such as #14532d"),
    "url": ("Address on the web", "begins with https://"),
    "json": ("JSON", ""),
    "id": ("Identifier", ""),
    "product_reference": ("Product", "its address or handle, or its number"),
    "variant_reference": ("Variant", "its SKU or its number"),
    "collection_reference": ("Collection", "its address or handle, or its number"),
    "page_reference": ("Page", "its address or handle, or its number"),
    "metaobject_reference": ("Custom entry", "its handle or its number"),
    "file_reference": ("Picture of the shop", "the name of its file, or its number"),
}
_LIST = "list."
CHOICES: Mapping[str, list[tuple[str, str]]] = {
    "One value": [(kind, _KINDS[kind][0]) for kind in TYPES if not kind.startswith(_LIST)],
    "A list of values": [
        (kind, f"List: {_KINDS[kind.removeprefix(_LIST)][0].lower()}") for kind in TYPES if kind.startswith(_LIST)
    ],
}
NAMES: Mapping[str, str] = {kind: name for group in CHOICES.values() for kind, name in group}


def hint(kind: str) -> str:
    """Return how a value is written, empty where nothing needs to be said."""
    said = _KINDS[kind.removeprefix(_LIST)][1]
    return "; ".join(filter(None, [said, "one value a line"])) if kind.startswith(_LIST) else said
