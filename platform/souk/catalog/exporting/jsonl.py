"""Write each product whole as one JSON object on a line: nothing is lost, and no spreadsheet opens it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from souk.catalog.exporting.addresses import Address
from souk.catalog.exporting.shopify import amount
from souk.catalog.importing.state import ProductState, VariantState

_PRODUCT = (
    "handle", "title", "description_html", "vendor", "product_type", "category", "tags", "status", "options",
    "seo_title", "seo_description", "template_suffix", "metafields", "download_times", "download_days",
)  # fmt: skip
_VARIANT = (
    "sku", "barcode", "weight_grams", "requires_shipping", "taxable", "tax_class", "inventory_tracked",
    "inventory_policy", "backorder_limit", "on_hand", "metafields", "unit_measure", "shipping_profile",
)  # fmt: skip


def write(states: Iterable[ProductState], currency: str, address: Address, _metafields: Mapping[str, str]) -> str:
    """Return the products' lines; amounts are major units as text."""
    return "".join(f"{json.dumps(_product(state, currency, address), ensure_ascii=False)}\n" for state in states)


def _product(state: ProductState, currency: str, address: Address) -> dict[str, Any]:
    return {name: getattr(state, name) for name in _PRODUCT} | {
        "specifications": [{"name": name, "value": value} for name, value in state.specifications],
        "variants": [_variant(variant, len(state.options), currency, address) for variant in state.variants],
        "pictures": [{"url": address(url), "alt": alt} for url, alt in state.pictures],
    }


def _variant(variant: VariantState, options: int, currency: str, address: Address) -> dict[str, Any]:
    amounts = {
        "price": amount(variant.price, currency),
        "compare_at_price": amount(variant.compare_at_price, currency) or None,
        "cost": amount(variant.cost, currency) or None,
    }
    values = {name: getattr(variant, name) for name in _VARIANT}
    values["components"] = [{"sku": name, "quantity": quantity} for name, quantity in variant.components]
    values["files"] = list(variant.files)
    return {"options": variant.options[:options], **amounts, **values, "picture": address(variant.picture)}
