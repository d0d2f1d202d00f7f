"""The variants of a product as small data for the script of a variant picker."""

from __future__ import annotations

import json
from typing import Any

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from themes.drops.product import ProductDrop, VariantDrop
from themes.filters.money import formatted
from themes.filters.registry import theme_filter
from themes.sandbox.budget import current


@theme_filter
def variant_table(value: Any) -> Markup:
    """A product's variants as JSON of about 30 bytes each, which stays small for the 2,048 that a product may have.

    `{"options": [["S", "M"], ...], "prices": ["$5.00", ...], "rows": [[id, option values ..., price, former price,
    stock, picture], ...]}`. Values and prices are places in those lists; -1 is none. Stock is -1 when it cannot be
    bought, 0 when it can, else how few are left. Picture is its position, 0 for none. Where buying more is cheaper,
    `"breaks": {"id": [[from, price], ...]}` stands beside them. Where some have a unit price, `units` holds its text
    for each row. `backorders` are the ids of those that can be bought but have to come in first.
    """
    if not isinstance(value, ProductDrop):
        return Markup("null")
    current().charge(len(value.variants))
    options = [[each.value for each in option.values] for option in value.options_with_values]
    places = [{name: place for place, name in enumerate(names)} for names in options]
    prices: dict[str, int] = {}
    rows = [_row(variant, places, prices) for variant in value.variants]
    breaks = {
        variant.id: [[each.minimum, prices.setdefault(formatted(each.price), len(prices))] for each in found]
        for variant in value.variants
        if (found := variant.quantity_breaks)
    }
    table: dict[str, Any] = {"options": options, "prices": list(prices), "rows": rows}
    backorders = [variant.id for variant in value.variants if variant.backorder]
    if backorders:
        table["backorders"] = backorders
    if breaks:
        table["breaks"] = breaks
    if any(variant.unit_price for variant in value.variants):
        table["units"] = [_unit(variant) for variant in value.variants]
    return htmlsafe_json_dumps(table, dumps=json.dumps, ensure_ascii=False, separators=(",", ":"))


def _unit(variant: VariantDrop) -> str:
    price = variant.unit_price
    return f"{formatted(price)} / {variant.unit_price_for}" if price is not None else ""


def _row(variant: VariantDrop, places: list[dict[str, int]], prices: dict[str, int]) -> list[int]:
    former = variant.compare_at_price
    was = formatted(former) if former is not None and former > variant.price else ""
    return [
        variant.id,
        *(place.get(option, -1) for place, option in zip(places, variant.options, strict=False)),
        prices.setdefault(formatted(variant.price), len(prices)),
        prices.setdefault(was, len(prices)) if was else -1,
        (variant.low_stock or 0) if variant.available else -1,
        variant.image.position if variant.image else 0,
    ]
