"""Filters on lists and numbers."""

from __future__ import annotations

import math
from typing import Any

from jinja2 import Undefined, pass_environment
from jinja2.environment import Environment
from jinja2.exceptions import SecurityError
from markupsafe import Markup

from themes.drops.listing import ProductList
from themes.filters.registry import theme_filter
from themes.sandbox.budget import MAX_ITEMS, MAX_TEXT, BudgetExceeded
from themes.sandbox.compare import compare, sort_key
from themes.sandbox.output import text_of
from themes.sandbox.ticks import tick, weigh

MAX_PATH = 8
MAX_DIGITS = 20


def items_of(value: Any) -> list[Any]:
    """Return `value` as a list of at most 2,000 items, each charged."""
    found: list[Any] = []
    for item in tick(value, 2):
        found.append(item)
        if len(found) > MAX_ITEMS:
            raise BudgetExceeded("list length")
    return found


@theme_filter
def length(value: Any) -> int:
    """How many items or characters."""
    return 0 if value is None or isinstance(value, Undefined) else len(value)


@theme_filter
def first(value: Any) -> Any:
    """First item."""
    return value[:1] if isinstance(value, str) else next(iter(items_of(value)), None)


@theme_filter
def last(value: Any) -> Any:
    """Last item."""
    found = items_of(value)
    return found[-1] if found else None


@theme_filter
def limit(value: Any, count: int) -> Any:
    """The first `count` items; a listing then loads no more than these."""
    return value.limited(max(0, count)) if isinstance(value, ProductList) else items_of(value)[: max(0, count)]


@theme_filter
def list_(value: Any) -> list[Any]:
    """The items as a list."""
    return items_of(value)


@theme_filter
def items(value: Any) -> list[tuple[Any, Any]]:
    """Keys and values of a mapping."""
    return list(value.items()) if type(value) is dict else []


@theme_filter
def join(value: Any, separator: Any = "") -> str:
    """The items as one text."""
    texts, between = [text_of(item) for item in items_of(value)], text_of(separator)
    if sum(map(len, texts)) + len(between) * len(texts) > MAX_TEXT:
        raise BudgetExceeded("text length")
    if any(type(text) is Markup for text in (*texts, between)):
        return Markup(between).join(texts) if type(between) is Markup else Markup.escape(between).join(texts)
    return between.join(texts)


@theme_filter
def reverse(value: Any) -> list[Any]:
    """Last item first."""
    return items_of(value)[::-1]


def _names(path: str | None) -> list[str]:
    # `text_of`, because a theme may hand over any object here and str() would run its code.
    text = str(text_of(path))
    names = text.split(".", MAX_PATH) if text else []
    if len(names) > MAX_PATH:
        raise SecurityError(f"a property path has at most {MAX_PATH} names")
    return names


def _read(environment: Environment, item: Any, names: list[str]) -> Any:
    for name in names:
        item = environment.getattr(item, name)
    return item


@theme_filter
@pass_environment
def map_(environment: Environment, value: Any, attribute: str) -> list[Any]:
    """One property of every item."""
    names = _names(attribute)
    found = [_read(environment, item, names) for item in items_of(value)]
    weigh(found)
    return found


@theme_filter
@pass_environment
def where(environment: Environment, value: Any, attribute: str, wanted: Any = True) -> list[Any]:  # noqa: FBT002 - filter arguments are positional
    """Items whose property is `wanted`."""
    names = _names(attribute)
    return [item for item in items_of(value) if compare("eq", _read(environment, item, names), wanted)]


@theme_filter
@pass_environment
def find(environment: Environment, value: Any, attribute: str, wanted: Any = True) -> Any:  # noqa: FBT002 - as above
    """The first item whose property is `wanted`, or nothing."""
    names = _names(attribute)
    matches = (item for item in items_of(value) if compare("eq", _read(environment, item, names), wanted))
    return next(matches, None)


@theme_filter
@pass_environment
def reject(environment: Environment, value: Any, attribute: str, unwanted: Any = True) -> list[Any]:  # noqa: FBT002 - as above
    """Items whose property is not `unwanted`."""
    names = _names(attribute)
    return [item for item in items_of(value) if compare("ne", _read(environment, item, names), unwanted)]


@theme_filter
@pass_environment
def sort(environment: Environment, value: Any, attribute: str | None = None) -> list[Any]:
    """Items in order, by a property when one is named."""
    names = _names(attribute)

    def key(item: Any) -> tuple[int, Any]:
        read = _read(environment, item, names)
        missing = read is None or isinstance(read, Undefined)
        return (1, 0) if missing else sort_key(read)

    return sorted(items_of(value), key=key)


@theme_filter
@pass_environment
def sum_(environment: Environment, value: Any, attribute: str | None = None) -> int | float:
    """Sum of the items or of one property."""
    total: int | float = 0
    names = _names(attribute)
    for item in items_of(value):
        number = _read(environment, item, names)
        if type(number) not in (int, float):
            raise SecurityError("sum adds numbers only")
        total += number
    return total


@theme_filter
def uniq(value: Any) -> list[Any]:
    """Every item once."""
    found: list[Any] = []
    seen: set[str] = set()
    for item in items_of(value):
        mark = text_of(item)
        if mark not in seen:
            seen.add(mark)
            found.append(item)
    return found


@theme_filter
def compact(value: Any) -> list[Any]:
    """Without items that are nothing."""
    return [item for item in items_of(value) if item is not None and not isinstance(item, Undefined)]


@theme_filter
def batch(value: Any, size: int) -> list[list[Any]]:
    """Rows of `size` items (1 to 200)."""
    found, size = items_of(value), min(max(size, 1), 200)
    rows = [found[at : at + size] for at in range(0, len(found), size)]
    weigh(rows)
    return rows


@theme_filter
def int_(value: Any, fallback: int = 0) -> int:
    """The value as a whole number."""
    if not isinstance(value, (str, int, float)) or (isinstance(value, str) and len(value) > MAX_DIGITS):
        return fallback
    try:
        return int(value)
    except (ValueError, OverflowError):
        return fallback


@theme_filter
def round_(value: float, digits: int = 0) -> float:
    """Rounded to `digits`."""
    result = round(value, min(max(digits, 0), 10))
    return int(result) if digits <= 0 else result


@theme_filter
def ceil(value: float) -> int:
    """Rounded up."""
    return math.ceil(value)


@theme_filter
def floor(value: float) -> int:
    """Rounded down."""
    return math.floor(value)


@theme_filter
def abs_(value: float) -> float:
    """Without sign."""
    return abs(value)


@theme_filter
def at_least(value: Any, low: Any) -> Any:
    """The larger of both."""
    return low if compare("lt", value, low) else value


@theme_filter
def at_most(value: Any, high: Any) -> Any:
    """The smaller of both."""
    return high if compare("gt", value, high) else value
