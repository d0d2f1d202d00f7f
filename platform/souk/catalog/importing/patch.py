"""What a file says of one product. What it does not say stays as the shop has it."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from souk.catalog.digital.limits import MOST_DAYS, MOST_TIMES
from souk.catalog.importing.cells import unguard, unguard_code
from souk.catalog.importing.errors import RowInvalid
from souk.catalog.importing.fields import MAKES_A_VARIANT, OPTION_NAMES, OPTION_VALUES
from souk.catalog.importing.grouping import Group
from souk.catalog.importing.layout import Layout
from souk.catalog.importing.lines import Row
from souk.catalog.importing.numbers import UnreadableNumber, plain_number
from souk.catalog.importing.parts import Parts, UnreadableParts, names_of, parts_of
from souk.catalog.unit_price import UnitMeasureInvalid, measure_text
from souk.kernel.money import Money, UnreadableAmount

Options = tuple[str, str, str]
_NO = frozenset(["false", "no", "0", "n", "nein", "non", "off"])
_YES = frozenset(["true", "yes", "1", "y", "ja", "oui", "on"])
_DEFAULT = (("Title",), ("Default Title", ""))
_TEXTS = ("title", "description_html", "vendor", "product_type", "seo_title", "seo_description", "category", "tags")
_AMOUNTS = ("price", "compare_at_price", "cost")
_LIMITS = {"download_times": MOST_TIMES, "download_days": MOST_DAYS}
_STATUSES = ("draft", "active", "archived")
MAX_GRAMS = 10**9
MAX_STOCK = 10**9


@dataclass(slots=True)
class VariantPatch:
    """`options` is None where the file names no options: the variant is found by its SKU, or is the only one."""

    line: int
    options: Options | None
    values: dict[str, Any] = field(default_factory=dict)
    metafields: dict[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(slots=True)
class Patch:
    """`values` are the product's fields that the file fills; `options` the names of its options, None for unsaid."""

    number: int
    line: int
    last_line: int
    handle: str
    values: dict[str, Any] = field(default_factory=dict)
    # By namespace.key: the heading, for refusals, and the text.
    metafields: dict[str, tuple[str, str]] = field(default_factory=dict)
    options: tuple[str, ...] | None = None
    variants: list[VariantPatch] = field(default_factory=list)
    pictures: list[tuple[str, str | None]] = field(default_factory=list)
    # What was taken in another form than the file has it.
    notes: list[dict[str, Any]] = field(default_factory=list)


def patch_of(group: Group, layout: Layout, currency: str) -> Patch:
    """Read the product's rows; raises RowInvalid for the first cell that cannot be taken."""
    if group.problems:
        raise group.problems[0]
    first = group.rows[0]
    patch = Patch(group.number, group.line, group.last_line, group.handle, _product_values(first, layout))
    patch.metafields = {key: (column, unguard(cell)) for key, (column, cell) in layout.metafields(first).items()}
    patch.options = _option_names(first, layout)
    pictures: list[tuple[int, str, str | None]] = []
    for row in group.rows:
        if any(layout.cell(row, name) for name in MAKES_A_VARIANT) or (row is first and _knows_variants(layout)):
            patch.variants.append(_variant(row, layout, patch.options, currency))
        pictures += _pictures(row, layout, len(pictures))
    patch.pictures = list({url: (url, alt) for _, url, alt in sorted(pictures, key=lambda each: each[0])}.values())
    return patch


def _knows_variants(layout: Layout) -> bool:
    return any(layout.has(name) for name in (*MAKES_A_VARIANT, "inventory_quantity"))


def _product_values(row: Row, layout: Layout) -> dict[str, Any]:
    values: dict[str, Any] = {name: unguard(layout.cell(row, name)) for name in _TEXTS if layout.has(name)}
    if layout.has("status") or layout.has("published"):
        values["status"] = _status(row, layout)
    if layout.has("specification"):
        values["specifications"] = tuple(
            (name, unguard(cell).strip()) for name, cell in layout.cells(row, "specification")
        )
    for name, most in _LIMITS.items():
        if layout.has(name):
            values[name] = _limit(row, layout, name, most)
    return values


def _limit(row: Row, layout: Layout, name: str, most: int) -> int | None:
    if not layout.cell(row, name).strip():
        return None
    number = _whole(row, layout, name, most)
    if number < 1:
        raise RowInvalid(row.line, layout.column(name), f"write 1 to {most:,}, or nothing for what the shop allows.")
    return number


def _status(row: Row, layout: Layout) -> str | None:
    """Return the status, None where both cells are empty: a new product is active then, an old one stays."""
    status = layout.cell(row, "status").strip().lower()
    if status and status not in _STATUSES:
        raise RowInvalid(
            row.line, layout.column("status"), f"“{status[:40]}” is no status; write draft, active or archived."
        )
    published = _yes_or_no(row, layout, "published")
    if published is False and status in {"", "active"}:
        return "draft"
    return status or ("active" if published else None)


def _option_names(row: Row, layout: Layout) -> tuple[str, ...] | None:
    if not any(layout.has(value) for value in OPTION_VALUES):
        return None
    names = []
    for name, value in zip(OPTION_NAMES, OPTION_VALUES, strict=True):
        if layout.has(name):
            names.append(unguard(layout.cell(row, name)).strip())
        elif layout.has(value) and layout.cell(row, value):
            names.append(layout.column(value))
        else:
            names.append("")
    filled = tuple(name for name in names if name)
    if tuple(names[: len(filled)]) != filled:
        raise RowInvalid(row.line, layout.column("option1_name"), "name option 1 before option 2 and option 3.")
    default = filled == _DEFAULT[0] and unguard(layout.cell(row, "option1_value")).strip() in _DEFAULT[1]
    return () if default else filled


def _variant(row: Row, layout: Layout, names: tuple[str, ...] | None, currency: str) -> VariantPatch:
    options: Options | None = None
    if names is not None:
        given = [unguard(layout.cell(row, name)).strip() for name in OPTION_VALUES[: len(names)]]
        for name, value in zip(OPTION_VALUES, given, strict=False):
            if not value:
                raise RowInvalid(
                    row.line, layout.column(name), "the cell is empty; each variant has a value for each option."
                )
        padded = (*given, "", "", "")
        options = (padded[0], padded[1], padded[2])
    return VariantPatch(row.line, options, _variant_values(row, layout, currency))


def _variant_values(row: Row, layout: Layout, currency: str) -> dict[str, Any]:
    values: dict[str, Any] = {
        name: unguard_code(layout.cell(row, name)).strip() for name in ("sku", "barcode") if layout.has(name)
    }
    for name in _AMOUNTS:
        if layout.has(name):
            values[name] = _amount(row, layout, name, currency)
    if layout.has("price_minor") and layout.cell(row, "price_minor"):
        values["price"] = _whole(row, layout, "price_minor", 10**15)
    for name in ("requires_shipping", "taxable"):
        if layout.has(name) and (said := _yes_or_no(row, layout, name)) is not None:
            values[name] = said
    return values | _weight(row, layout) | _measure(row, layout) | _stock(row, layout) | _belongings(row, layout)


def _belongings(row: Row, layout: Layout) -> dict[str, Any]:
    """Return what comes with the variant: its picture, its parts and its files."""
    values: dict[str, Any] = {}
    if layout.has("variant_picture"):
        values["picture"] = layout.cell(row, "variant_picture").strip()
    if layout.has("components"):
        values["components"] = _parts(row, layout)
    if layout.has("files"):
        values["files"] = names_of(unguard(layout.cell(row, "files")))
    return values


def _parts(row: Row, layout: Layout) -> Parts:
    try:
        return parts_of(unguard(layout.cell(row, "components")))
    except UnreadableParts as error:
        raise RowInvalid(row.line, layout.column("components"), str(error)) from error


def _weight(row: Row, layout: Layout) -> dict[str, Any]:
    for name, factor in (("weight_grams", 1), ("weight_kilograms", 1000)):
        if layout.has(name) and layout.cell(row, name).strip():
            grams = Decimal(_number(row, layout, name)) * factor
            if not 0 <= grams <= MAX_GRAMS:
                raise RowInvalid(row.line, layout.column(name), "a weight is 0 or more, and at most 1,000,000 kg.")
            return {"weight_grams": int(grams)}
    return {}


_MEASURE = ("measure_value", "measure_unit", "reference_value", "reference_unit")


def _measure(row: Row, layout: Layout) -> dict[str, Any]:
    """Read the contents for the unit price, in one cell or in the four of Shopify's file."""
    if layout.has("unit_measure"):
        name, text = "unit_measure", layout.cell(row, "unit_measure")
    elif layout.has("measure_value"):
        cells = [layout.cell(row, name).strip() if layout.has(name) else "" for name in _MEASURE]
        name, text = "measure_value", f"{cells[0]} {cells[1]}/{cells[2]} {cells[3]}".strip(" /")
    else:
        return {}
    try:
        return {"unit_measure": measure_text(text)}
    except UnitMeasureInvalid as error:
        raise RowInvalid(row.line, layout.column(name), error.detail) from None


def _stock(row: Row, layout: Layout) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if layout.has("inventory_tracker"):
        values["inventory_tracked"] = bool(layout.cell(row, "inventory_tracker").strip())
    if layout.has("inventory_quantity") and layout.cell(row, "inventory_quantity").strip():
        values["on_hand"] = _whole(row, layout, "inventory_quantity", MAX_STOCK)
    if layout.has("inventory_policy") and (text := layout.cell(row, "inventory_policy").strip().lower()):
        if text not in {"deny", "continue", *_YES, *_NO}:
            raise RowInvalid(
                row.line, layout.column("inventory_policy"), f"“{text[:40]}” is neither deny nor continue."
            )
        values["inventory_policy"] = "continue" if text == "continue" or text in _YES else "deny"
    return values


def _amount(row: Row, layout: Layout, name: str, currency: str) -> int | None:
    if not layout.cell(row, name).strip():
        return None
    try:
        amount = Money.from_major(_number(row, layout, name), currency).amount
    except UnreadableAmount as error:
        raise RowInvalid(row.line, layout.column(name), error.detail) from error
    if amount < 0:
        raise RowInvalid(row.line, layout.column(name), "the amount is negative; write 0 or more.")
    return amount


def _whole(row: Row, layout: Layout, name: str, most: int) -> int:
    number = Decimal(_number(row, layout, name))
    if number != number.to_integral_value() or abs(number) > most:
        raise RowInvalid(
            row.line, layout.column(name), f"“{layout.cell(row, name)[:40]}” is no whole number up to {most:,}."
        )
    return int(number)


def _number(row: Row, layout: Layout, name: str) -> str:
    try:
        return plain_number(unguard(layout.cell(row, name)), layout.decimal)
    except UnreadableNumber as error:
        raise RowInvalid(row.line, layout.column(name), str(error)) from error


def _yes_or_no(row: Row, layout: Layout, name: str) -> bool | None:
    text = layout.cell(row, name).strip().lower()
    if not text:
        return None
    if text not in _YES and text not in _NO:
        raise RowInvalid(row.line, layout.column(name), f"“{text[:40]}” is neither yes nor no; write TRUE or FALSE.")
    return text in _YES


def _pictures(row: Row, layout: Layout, count: int) -> list[tuple[int, str, str | None]]:
    place = layout.cell(row, "picture_position").strip()
    alt = unguard(layout.cell(row, "picture_alt")) if layout.has("picture_alt") else None
    found: list[tuple[int, str, str | None]] = []
    for column, cell in layout.cells(row, "picture"):
        for url in cell.split(", "):
            position = int(place) if place.isascii() and place.isdecimal() else count + len(found) + 1
            found.append((position, _address(row, column, url.strip()), alt))
    return found


def _address(row: Row, column: str, url: str) -> str:
    if not url.startswith(("https://", "http://")) or len(url) > 2_000 or any(char.isspace() for char in url):  # noqa: PLR2004
        raise RowInvalid(row.line, column, f"“{url[:40]}” is no picture's address; it begins with https:// or http://.")
    return url
