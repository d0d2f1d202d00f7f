"""Find out which of a product's variants the rows of a file are, and what becomes of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from souk.catalog.drafts import MAX_OPTIONS, MAX_TEXT, MAX_VARIANTS
from souk.catalog.importing.errors import RowInvalid
from souk.catalog.importing.fields import OPTION_VALUES
from souk.catalog.importing.layout import Layout
from souk.catalog.importing.patch import Options, Patch, VariantPatch
from souk.catalog.importing.state import ProductState, VariantState


def merge_variants(after: ProductState, before: ProductState | None, patch: Patch, layout: Layout) -> None:
    """Give `after` its variants; raises RowInvalid. Those of `before` are left as they are."""
    present = list(before.variants) if before is not None else []
    if patch.options is None:
        after.variants = _by_sku(present, patch, layout)
    else:
        _check_options(patch, layout)
        names, after.options = after.options, patch.options
        after.variants = _by_options(present, names, patch, layout)
    _check_removed(present, after.variants, patch)


def _check_options(patch: Patch, layout: Layout) -> None:
    names = patch.options or ()
    where = layout.column("option1_value")
    if len(set(names)) != len(names) or len(names) > MAX_OPTIONS or any(len(name) > MAX_TEXT for name in names):
        raise RowInvalid(patch.line, where, f"name at most {MAX_OPTIONS} different options, briefly.")
    if not names and len(patch.variants) > 1:
        raise RowInvalid(patch.variants[1].line, where, "name the option by which the variants differ.")
    if len(patch.variants) > MAX_VARIANTS:
        raise RowInvalid(patch.line, where, f"a product has at most {MAX_VARIANTS:,} variants.")
    seen: dict[Options | None, int] = {}
    for variant in patch.variants:
        if variant.options in seen:
            reason = f"the same options stand in line {seen[variant.options]}; change one of them or delete the row."
            raise RowInvalid(variant.line, where, reason)
        seen[variant.options] = variant.line


def _by_options(
    present: list[VariantState], names: tuple[str, ...], patch: Patch, layout: Layout
) -> list[VariantState]:
    """The file says which variants there are. One that kept its options is the same; so is one that kept its SKU."""
    if not patch.options and len(present) == len(patch.variants) == 1 and not names:
        return [_changed(present[0], patch.variants[0], present[0].options, layout)]
    by_options = {_bare(variant.options): variant for variant in present}
    matches = [by_options.pop(given.options or ("", "", ""), None) for given in patch.variants]
    by_sku = {variant.sku: variant for variant in by_options.values() if variant.sku}
    result = []
    for given, match in zip(patch.variants, matches, strict=True):
        same = match or by_sku.pop(given.values.get("sku", ""), None)
        options = same.options if same is match and same is not None else given.options
        result.append(_changed(same, given, options or ("", "", ""), layout))
    return result


def _bare(options: Options) -> Options:
    return (options[0].strip(), options[1].strip(), options[2].strip())


def _by_sku(present: list[VariantState], patch: Patch, layout: Layout) -> list[VariantState]:
    """The file knows no options: each row is the variant with its SKU, or the only one."""
    if not patch.variants and present:
        return present
    result = list(present)
    places = {variant.sku: index for index, variant in enumerate(present) if variant.sku}
    for given in patch.variants or [VariantPatch(patch.line, None)]:
        index = places.get(given.values.get("sku", ""), 0 if len(present) == 1 and len(patch.variants) <= 1 else None)
        if index is not None:
            result[index] = _changed(result[index], given, result[index].options, layout)
        elif not present and len(patch.variants) <= 1:
            result.append(_changed(None, given, ("", "", ""), layout))
        else:
            where = layout.column("sku") if layout.has("sku") else layout.column("handle")
            reason = "the product has variants; choose the columns with its options, or give the SKU of one variant."
            raise RowInvalid(given.line, where, reason)
    return result


def _changed(same: VariantState | None, given: VariantPatch, options: Options, layout: Layout) -> VariantState:
    variant = replace(same, options=options) if same is not None else VariantState(options=options)
    values: dict[str, Any] = dict(given.values)
    price = values.pop("price", None)
    if price is None and same is None:
        reason = "a new product needs a price; write 0 for one that is free."
        raise RowInvalid(given.line, layout.column("price"), reason)
    _check_lengths(given, options, layout)
    if same is None:
        values.setdefault("inventory_tracked", "on_hand" in values)
    if not values.get("picture", "x"):
        del values["picture"]  # as with the gallery, an empty cell takes no picture away
    _count(variant, values)
    if price is not None:
        variant.price = price
    for name, value in values.items():
        setattr(variant, name, value)
    return variant


def _check_lengths(given: VariantPatch, options: Options, layout: Layout) -> None:
    texts = {"sku": given.values.get("sku", ""), "barcode": given.values.get("barcode", "")}
    texts |= dict(zip(OPTION_VALUES, options, strict=True))
    for name, text in texts.items():
        if len(text) > MAX_TEXT:
            raise RowInvalid(given.line, layout.column(name), f"shorten it to {MAX_TEXT} characters.")


def _count(variant: VariantState, values: dict[str, Any]) -> None:
    """Take the stock out of `values` unless it is to be written: only what is counted has any."""
    on_hand = values.pop("on_hand", None)
    tracked = values.get("inventory_tracked", variant.inventory_tracked)
    if on_hand is None or not tracked or variant.hot:
        return
    continues = values.get("inventory_policy", variant.inventory_policy) == "continue"
    lowest = -(10**9) if continues and variant.backorder_limit is None else variant.promised
    # A count below what is promised already would break the promise: it stays at what is promised.
    variant.on_hand = max(on_hand, lowest)


def _check_removed(present: list[VariantState], kept: list[VariantState], patch: Patch) -> None:
    ids = {variant.id for variant in kept}
    for variant in present:
        if variant.id not in ids and variant.in_bundle:
            reason = f"the variant {variant.label} is not in the file but in a bundle; keep its row, or end the bundle."
            raise RowInvalid(patch.line, "", reason)
        if variant.id not in ids and variant.promised:
            reason = f"the variant {variant.label} is not in the file but in open orders; keep its row for now."
            raise RowInvalid(patch.line, "", reason)
