"""Filters on text."""

from __future__ import annotations

import json as json_library
import re
from typing import Any
from urllib.parse import quote

from jinja2 import Undefined
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup
from markupsafe import escape as escape_html

from themes.drops.base import Drop
from themes.drops.image import ImageDrop
from themes.drops.listing import ProductList
from themes.drops.money import MoneyDrop
from themes.filters.registry import theme_filter
from themes.sandbox.budget import MAX_TEXT, BudgetExceeded, current
from themes.sandbox.output import text_of
from themes.sandbox.ticks import weigh

_TAGS = re.compile(r"<[^<>]*>")


@theme_filter
def escape(value: Any) -> Markup:
    """The text escaped for HTML."""
    return escape_html(text_of(value))


@theme_filter
def string(value: Any) -> str:
    """The value as text."""
    return text_of(value)


@theme_filter
def lower(value: Any) -> str:
    """Lower case."""
    return text_of(value).lower()


@theme_filter
def upper(value: Any) -> str:
    """Upper case."""
    return text_of(value).upper()


@theme_filter
def capitalize(value: Any) -> str:
    """First letter large."""
    return text_of(value).capitalize()


@theme_filter
def trim(value: Any) -> str:
    """Without blanks at the ends."""
    return text_of(value).strip()


@theme_filter
def strip_html(value: Any) -> str:
    """Without tags, as plain text."""
    text = str(text_of(value))
    plain = " ".join(_TAGS.sub(" ", text).split())
    return str(Markup(plain).unescape())


@theme_filter
def truncate(value: Any, length: int = 50, end: str = "\N{HORIZONTAL ELLIPSIS}") -> str:
    """At most `length` characters."""
    text = str(text_of(value))
    return text if len(text) <= length else text[: max(0, length - len(end))].rstrip() + end


@theme_filter
def truncatewords(value: Any, count: int = 15, end: str = "\N{HORIZONTAL ELLIPSIS}") -> str:
    """At most `count` words."""
    words = str(text_of(value)).split()
    return " ".join(words) if len(words) <= count else " ".join(words[: max(0, count)]) + end


@theme_filter
def replace(value: Any, old: Any, new: Any) -> str:
    """Every `old` replaced by `new`."""
    text, old, new = text_of(value), text_of(old), text_of(new)
    found = text.count(old) if old else len(text) + 1
    length = len(text) + found * max(0, len(new) - len(old))
    if length > MAX_TEXT:
        raise BudgetExceeded("text length")
    current().charge_text(length)
    return text.replace(escape_html(old), escape_html(new)) if type(text) is Markup else text.replace(old, new)


@theme_filter
def split(value: Any, separator: str = ",") -> list[str]:
    """The parts between separators, at most 2,000."""
    return str(text_of(value)).split(text_of(separator) or " ", 1999)


@theme_filter
def handleize(value: Any) -> str:
    """Fit for an address or an id."""
    return re.sub(r"[^a-z0-9]+", "-", str(text_of(value)).lower()).strip("-")


@theme_filter
def urlencode(value: Any) -> str:
    """Fit for a query string."""
    return quote(str(text_of(value)), safe="")


@theme_filter
def newline_to_br(value: Any) -> Markup:
    """Line ends as <br>."""
    return Markup("<br>\n").join(str(text_of(value)).splitlines())


@theme_filter
def pluralize(count: int, one: str, many: str) -> str:
    """`one` for 1, else `many`."""
    return one if count == 1 else many


@theme_filter
def safe(value: Any) -> Markup:
    """The text as HTML, unescaped; for markup of the theme's own."""
    return Markup(text_of(value))


@theme_filter
def default(value: Any, fallback: Any = "", boolean: bool = False) -> Any:  # noqa: FBT001, FBT002 - Jinja's own signature
    """`fallback` when the value is missing or nothing (with true: when it is false)."""
    missing = value is None or isinstance(value, Undefined) or value == ""
    return fallback if missing or (boolean and not value) else value


def plain(value: Any) -> Any:
    """Return `value` as JSON types: money as minor units beside its formatted text, drops by their json_names."""
    from themes.filters.media import image_address  # noqa: PLC0415 - both need each other
    from themes.filters.money import formatted  # noqa: PLC0415 - as above

    current().charge(2)
    if isinstance(value, MoneyDrop):
        return {"amount": value.amount, "currency": value.currency, "formatted": formatted(value)}
    if isinstance(value, ImageDrop):
        return {
            "alt": value.alt,
            "url": image_address(value, 720),
            "width": value.width,
            "height": value.height,
        }
    if isinstance(value, Drop):
        return {name: plain(getattr(value, name)) for name in value.json_names}
    if isinstance(value, (list, tuple, ProductList)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(text_of(key)): plain(item) for key, item in value.items()}
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return str(text_of(value))


@theme_filter
def json(value: Any) -> Markup:
    """JSON that is safe inside a script element."""
    weigh(value)
    return htmlsafe_json_dumps(plain(value), dumps=json_library.dumps, ensure_ascii=False)
