"""Read and write values of the metafield types: a text of a form becomes JSON, and JSON a text again.

The vocabulary is Shopify's, so that themes and files that name its types work here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from souk.catalog.rich_text import clean_html

MAX_TEXT = 65_535
MAX_ITEMS = 128
_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
_UNITS = {
    "weight": ("kg", "g", "lb", "oz"),
    "volume": ("ml", "cl", "l", "m3", "pt", "gal"),
    "dimension": ("mm", "cm", "m", "in", "ft", "yd"),
}
ENTRY_REFERENCE = "metaobject_reference"
REFERENCES = (
    "product_reference", "variant_reference", "collection_reference", "page_reference", "file_reference",
    ENTRY_REFERENCE,
)  # fmt: skip
Validations = Mapping[str, Any]


class Unreadable(ValueError):
    """The sentence says what to write instead."""


def _line(text: str, _: Validations) -> str:
    if "\n" in text:
        raise Unreadable("write a single line.")
    return text


def _text(text: str, _: Validations) -> str:
    return text


def _integer(text: str, limits: Validations) -> int:
    if not re.fullmatch(r"[+-]?\d{1,15}", text):
        raise Unreadable("write a whole number.")
    return int(_within(Decimal(text), limits))


def _decimal(text: str, limits: Validations) -> str:
    # As text: a JSON number would come back as a float.
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        raise Unreadable("write a number such as 12.5.") from None
    if not number.is_finite() or len(text) > 40:  # noqa: PLR2004 - beyond any measure
        raise Unreadable("write a number such as 12.5.")
    return f"{_within(number, limits):f}"


def _within(number: Decimal, limits: Validations) -> Decimal:
    low, high = limits.get("min"), limits.get("max")
    if (low is not None and number < Decimal(str(low))) or (high is not None and number > Decimal(str(high))):
        raise Unreadable(f"write a number from {low if low is not None else 'any'} to {high or 'any'}.")
    return number


def _boolean(text: str, _: Validations) -> bool:
    if text.lower() not in {"true", "false", "yes", "no"}:
        raise Unreadable("choose yes or no.")
    return text.lower() in {"true", "yes"}


def _date(text: str, _: Validations) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise Unreadable("write a date like 2026-12-31.") from None


def _date_time(text: str, _: Validations) -> str:
    try:
        return datetime.fromisoformat(text).isoformat()
    except ValueError:
        raise Unreadable("write date and time like 2026-12-31T18:30.") from None


def _measure(kind: str) -> Callable[[str, Validations], dict[str, str]]:
    def read(text: str, limits: Validations) -> dict[str, str]:
        number, _, unit = text.rpartition(" ")
        if unit not in _UNITS[kind]:
            raise Unreadable(f"write a number and a unit of {', '.join(_UNITS[kind])}, such as 2 {_UNITS[kind][0]}.")
        return {"value": _decimal(number, limits), "unit": unit}

    return read


def _money(text: str, limits: Validations) -> dict[str, str]:
    amount, _, currency = text.rpartition(" ")
    if not re.fullmatch(r"[A-Z]{3}", currency):
        raise Unreadable("write an amount and its currency, such as 12.50 EUR.")
    return {"amount": _decimal(amount, limits), "currency_code": currency}


def _color(text: str, _: Validations) -> str:
    if not _COLOR.fullmatch(text):
        raise Unreadable("write a colour such as #14532d.")
    return text.lower()


def _url(text: str, _: Validations) -> str:
    if not text.startswith(("https://", "http://", "mailto:", "tel:")) or any(char.isspace() for char in text):
        raise Unreadable("write an address that begins with https://.")
    return text


def _json(text: str, _: Validations) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        raise Unreadable("this is not JSON; check commas and quotation marks.") from None


def _number(text: str, _: Validations) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > 15:  # noqa: PLR2004 - a bigint
        raise Unreadable("write its number (id), or what it is known by.")
    return int(text)


_READERS: Mapping[str, Callable[[str, Validations], Any]] = {
    "single_line_text_field": _line, "multi_line_text_field": _text,
    "rich_text_field": lambda text, _: clean_html(text),
    "number_integer": _integer, "number_decimal": _decimal, "boolean": _boolean, "date": _date,
    "date_time": _date_time, "money": _money, "weight": _measure("weight"), "volume": _measure("volume"),
    "dimension": _measure("dimension"), "rating": _decimal, "color": _color, "url": _url, "json": _json,
    "id": _line, **dict.fromkeys(REFERENCES, _number),
}  # fmt: skip
_SINGLE_ONLY = {"boolean", "json", "rich_text_field", "multi_line_text_field", "money"}
TYPES = (*_READERS, *(f"list.{name}" for name in _READERS if name not in _SINGLE_ONLY))


def read_value(kind: str, text: str, validations: Validations) -> Any:
    """Return the JSON value of `text`, None for empty text; raises Unreadable. A list has one value a line."""
    text = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if len(text) > MAX_TEXT:
        raise Unreadable(f"shorten it to {MAX_TEXT:,} characters.")
    if not text:
        return None
    if not kind.startswith("list."):
        return _checked(_READERS[kind](text, validations), validations)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MAX_ITEMS:
        raise Unreadable(f"write at most {MAX_ITEMS} lines.")
    return [_checked(_READERS[kind[5:]](line, validations), validations) for line in lines]


def _checked(value: Any, validations: Validations) -> Any:
    choices = validations.get("choices")
    if choices and str(value) not in choices:
        raise Unreadable(f"choose one of {', '.join(choices)}.")
    return value


def write_text(value: Any) -> str:
    """Return what a form shows for a stored value."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "\n".join(write_text(item) for item in value)
    # JSONB keeps no order of keys.
    for names in (("value", "unit"), ("amount", "currency_code")):
        if isinstance(value, dict) and set(value) == set(names):
            return " ".join(str(value[name]) for name in names)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)
