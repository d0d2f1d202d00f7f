"""Say in words for people what an import changes on a product."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from souk.catalog.importing.state import ProductState, VariantState
from souk.kernel.money import Money

MOST = 40
LONGEST = 160
_PRODUCT = (
    "title", "description_html", "vendor", "product_type", "category", "tags", "status", "options", "specifications",
    "seo_title", "seo_description", "template_suffix", "metafields", "download_times", "download_days",
)  # fmt: skip
_VARIANT = (
    "options", "sku", "barcode", "price", "compare_at_price", "cost", "weight_grams", "requires_shipping", "taxable",
    "tax_class", "inventory_tracked", "inventory_policy", "backorder_limit", "metafields", "on_hand", "picture",
    "components", "unit_measure", "shipping_profile",
)  # fmt: skip
_MONEY = frozenset(["price", "compare_at_price", "cost"])


def differences(before: ProductState, after: ProductState, currency: str) -> list[dict[str, str]]:
    """Return [{"field", "before", "after"}] as short texts, at most forty."""
    found = list(_differences(before, after, currency))
    if len(found) <= MOST:
        return found
    rest = {"field": f"and {len(found) - MOST + 1} more", "before": "", "after": ""}
    return [*found[: MOST - 1], rest]


def first_facts(after: ProductState, currency: str) -> list[dict[str, str]]:
    """Return what tells a person which product is new, in the form of `differences`."""
    prices = [variant.price for variant in after.variants]
    price = _words(min(prices), "price", currency)
    if max(prices) != min(prices):
        price += f" to {_words(max(prices), 'price', currency)}"
    facts = {"price": price, "variants": str(len(prices)) if len(prices) > 1 else ""}
    facts |= {name: _words(getattr(after, name), name, currency) for name in ("vendor", "category", "status")}
    return [{"field": name, "before": "", "after": text} for name, text in facts.items() if text]


def _differences(before: ProductState, after: ProductState, currency: str) -> Iterator[dict[str, str]]:
    for name in _PRODUCT:
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield _change(name, old, new, currency)
    yield from _variants(before, after, currency)
    if before.pictures != after.pictures:
        yield _change("pictures", _addresses(before), _addresses(after), currency)


def _addresses(state: ProductState) -> list[str]:
    return [f"{url} ({alt})" if alt else url for url, alt in state.pictures]


def _variants(before: ProductState, after: ProductState, currency: str) -> Iterator[dict[str, str]]:
    present = {variant.id: variant for variant in before.variants}
    several = len(before.variants) > 1 or len(after.variants) > 1
    for variant in after.variants:
        old = present.pop(variant.id, None) if variant.id is not None else None
        if old is None:
            yield {"field": "variant", "before": "", "after": _summary(variant, currency)}
            continue
        prefix = f"{variant.label}: " if several else ""
        for name in _VARIANT:
            one, other = getattr(old, name), getattr(variant, name)
            if one != other:
                yield _change(name, one, other, currency, prefix)
    for variant in present.values():
        yield {"field": "variant", "before": _summary(variant, currency), "after": ""}
    kept = [variant.id for variant in after.variants if variant.id is not None]
    if kept != [variant.id for variant in before.variants if variant.id in set(kept)]:
        yield {"field": "order of the variants", "before": "", "after": "as in the file"}


def _summary(variant: VariantState, currency: str) -> str:
    return f"{variant.label}, {_words(variant.price, 'price', currency)}"


def _change(name: str, old: object, new: object, currency: str, prefix: str = "") -> dict[str, str]:
    return {"field": prefix + name, "before": _words(old, name, currency), "after": _words(new, name, currency)}


def _words(value: Any, name: str, currency: str) -> str:
    if value is None:
        return ""
    if name in _MONEY:
        return f"{Money(value, currency).major:f}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(f"{key}: {each}" for key, each in sorted(value.items()))[:LONGEST]
    if isinstance(value, list | tuple):
        parts = [": ".join(map(str, each)) if isinstance(each, tuple) else str(each) for each in value]
        return (" > " if name == "category" else ", ").join(part for part in parts if part)[:LONGEST]
    return str(value)[:LONGEST]
