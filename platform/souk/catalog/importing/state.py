"""A product with all that a file can say of it, as it is and as it is to become."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from souk.catalog.handles import slugify

Options = tuple[str, str, str]


@dataclass(slots=True, kw_only=True)
class VariantState:
    """Prices are minor units. `on_hand` is the stock at the shop's first location, None where none was ever set."""

    id: int | None = None
    options: Options = ("", "", "")
    sku: str = ""
    barcode: str = ""
    price: int = 0
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
    backorder_limit: int | None = None
    metafields: dict[str, Any] = field(default_factory=dict)
    media_id: int | None = None
    on_hand: int | None = None
    # In use by orders and checkouts, or sold unit by unit: never written, but to be respected.
    promised: int = 0
    hot: bool = False
    in_bundle: bool = False
    picture: str = ""
    # What it consists of: (SKU, units). The names of the files that its buyers get are read and never written.
    components: tuple[tuple[str, int], ...] = ()
    files: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return " / ".join(value for value in self.options if value) or "Default Title"


@dataclass(slots=True, kw_only=True)
class ProductState:
    """`options` are names only; their values come from the variants. `pictures` are (address, what it shows)."""

    id: int | None = None
    handle: str = ""
    title: str = ""
    description_html: str = ""
    vendor: str = ""
    product_type: str = ""
    category: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    status: str = "active"
    options: tuple[str, ...] = ()
    specifications: tuple[tuple[str, str], ...] = ()
    seo_title: str = ""
    seo_description: str = ""
    template_suffix: str = ""
    metafields: dict[str, Any] = field(default_factory=dict)
    variants: list[VariantState] = field(default_factory=list)
    pictures: tuple[tuple[str, str], ...] = ()
    # None for the shop's own: how often each bought unit can be downloaded, and for how many days.
    download_times: int | None = None
    download_days: int | None = None

    def option_values(self) -> list[dict[str, Any]]:
        """Return the options as they are stored: name and values, without repetition."""
        return [
            {"name": name, "values": list(dict.fromkeys(variant.options[index] for variant in self.variants))}
            for index, name in enumerate(self.options)
        ]


_PRODUCT = tuple(each.name for each in fields(ProductState) if each.name != "variants")
_VARIANT = tuple(each.name for each in fields(VariantState))
# What changes by itself: numbers given by the database, pictures that a job fetches, stock that is sold.
_PASSING_PRODUCT = frozenset(["id", "pictures", "category"])
_PASSING_VARIANT = frozenset(["id", "media_id", "promised", "hot", "in_bundle", "picture", "files"])
# Left out of a digest where they say nothing, so that imports of before they existed can still be undone.
_LATER_PRODUCT, _LATER_VARIANT = frozenset(["download_times", "download_days"]), frozenset(["components"])


def to_json(state: ProductState) -> dict[str, Any]:
    """Return the state for the journal; `from_json` reads it back."""
    values = {name: getattr(state, name) for name in _PRODUCT}
    return values | {"variants": [{name: getattr(each, name) for name in _VARIANT} for each in state.variants]}


def from_json(values: Mapping[str, Any]) -> ProductState:
    given = dict(values)
    variants = [_variant(each) for each in given.pop("variants")]
    for name in ("category", "tags", "options"):
        given[name] = tuple(given[name])
    for name in ("specifications", "pictures"):
        given[name] = tuple((first, second) for first, second in given[name])
    return ProductState(**given, variants=variants)


def _variant(values: Mapping[str, Any]) -> VariantState:
    parts = tuple((name, quantity) for name, quantity in values.get("components", ()))
    given = {
        **values,
        "options": tuple(values["options"]),
        "components": parts,
        "files": tuple(values.get("files", ())),
    }
    return VariantState(**given)


def category_key(names: Sequence[str]) -> str:
    """Return what two categories have in common that are stored as one."""
    return slugify(" ".join(names), "") if names else ""


def digest(state: ProductState, *, with_stock: bool) -> str:
    """Return a short text that differs as soon as anybody changes what an import wrote.

    Stock counts only where the import set it: a sale must not keep a new title from being undone.
    """
    product = [getattr(state, name) for name in _PRODUCT if name not in _PASSING_PRODUCT | _LATER_PRODUCT]
    passing = _PASSING_VARIANT if with_stock else _PASSING_VARIANT | {"on_hand"}
    names = [name for name in _VARIANT if name not in passing | _LATER_VARIANT]
    product.append(category_key(state.category))
    product.append([[getattr(each, name) for name in names] for each in state.variants])
    later = [getattr(state, name) for name in sorted(_LATER_PRODUCT)]
    later += [each.components or None for each in state.variants]
    if any(each is not None for each in later):
        product.append(later)
    text = json.dumps(product, sort_keys=True, default=list)
    return ("stock:" if with_stock else "plain:") + hashlib.sha256(text.encode()).hexdigest()[:32]
