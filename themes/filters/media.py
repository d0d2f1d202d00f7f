"""Filters for pictures, assets, translations and dates; they read the page that is rendered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from markupsafe import Markup, escape

from themes.drops.image import ImageDrop
from themes.filters.registry import theme_filter
from themes.locales import PLACE
from themes.page import state
from themes.sandbox.budget import MAX_TEXT, BudgetExceeded
from themes.sandbox.output import text_of

WIDTHS = (165, 360, 533, 720, 940, 1066, 1500)
_STYLES = ("short", "medium", "long", "full")


def image_address(picture: ImageDrop, width: int) -> str:
    """Return the address of the smallest stored size that is at least `width` wide."""
    fit = next((size for size in WIDTHS if size >= width), WIDTHS[-1])
    return f"{state().page.media_base}/{picture.key}/{fit}.webp"


# Up to here a number has no groups of digits in any language.
_PLAIN = 999


@theme_filter
def image_url(picture: Any, width: int = 720) -> str:
    """Address of a picture, at least `width` pixels wide where it exists."""
    return image_address(picture, width) if isinstance(picture, ImageDrop) else ""


@theme_filter
def image_tag(
    picture: Any,
    widths: Sequence[int] = WIDTHS[:6],
    sizes: str = "100vw",
    loading: str = "lazy",
    alt: Any = None,
    class_: str = "",
    **attributes: Any,
) -> Markup:
    """An img element with srcset, width, height and focal point. `class` and other attributes pass through."""
    if not isinstance(picture, ImageDrop):
        return Markup()
    offered = sorted({int(width) for width in widths[:10]}) or [720]
    sources = ", ".join(f"{image_address(picture, width)} {width}w" for width in offered)
    values: dict[str, Any] = {
        "src": image_address(picture, offered[-1]),
        "srcset": sources,
        "sizes": sizes,
        "width": picture.width,
        "height": picture.height,
        "alt": picture.alt if alt is None else alt,
        "loading": loading,
        "class": attributes.pop("class", class_) or None,
        "style": f"object-position:{picture.focus}" if picture.focus else None,
        **attributes,
    }
    return Markup(f"<img{attributes_of(values)}>")


def attributes_of(values: dict[str, Any]) -> str:
    """Return ` name="value"` pairs; names may hold letters, digits and dashes only, None is left out."""
    pairs = []
    for name, value in values.items():
        key = name.replace("_", "-")
        if value is not None and key.replace("-", "").isalnum() and key.isascii():
            pairs.append(f' {key}="{escape(text_of(value))}"')
    return "".join(pairs)


@theme_filter
def asset_url(name: Any) -> str:
    """Fingerprinted address of a file of the theme's assets folder."""
    page, file = state(), str(text_of(name))
    return f"{page.page.asset_base}/{page.theme.asset_hash(file)}/{quote(file, safe='')}"


@theme_filter
def stylesheet_tag(url: Any) -> Markup:
    """A link element for a style sheet."""
    return Markup('<link rel="stylesheet" href="{}">').format(text_of(url))


@theme_filter
def script_tag(url: Any) -> Markup:
    """A script element for a module."""
    return Markup('<script type="module" src="{}"></script>').format(text_of(url))


@theme_filter
def t(key: Any, count: int | None = None, **values: Any) -> str:
    """The translation of a key; `{{ name }}` or `{name}` in it is filled; keys that end in _html are HTML."""
    name, page = str(text_of(key)), state()
    text = page.theme.translations.find(name, page.page.localization.locale, count)
    if text is None:
        return name
    html = name.endswith("_html")
    if count is not None:
        values["count"] = _grouped(count, page.page.localization.locale)
    texts = {word: str(escape(text_of(value)) if html else text_of(value)) for word, value in values.items()}
    filled = _fill(text, texts)
    return Markup(filled) if html else filled


def _grouped(count: Any, locale: str) -> Any:
    """Group the digits of a large number as the locale does."""
    if not isinstance(count, int) or abs(count) <= _PLAIN:
        return count
    return format_decimal(count, locale=locale.replace("-", "_"))


def _fill(text: str, values: Mapping[str, str]) -> str:
    """Fill every place once: what a value holds is never read as a place, and the result is measured first."""
    places = [match[1] or match[2] for match in PLACE.finditer(text)]
    if len(text) + sum(len(values.get(place, "")) for place in places) > MAX_TEXT:
        raise BudgetExceeded("text length")
    return PLACE.sub(lambda match: values.get(match[1] or match[2], match[0]), text)


@theme_filter
def date(value: Any, style: str = "medium") -> str:
    """A date as the locale writes it: short, medium, long or full."""
    if not isinstance(value, datetime):
        return ""
    chosen: Any = style if style in _STYLES else "medium"
    return format_date(value, chosen, locale=state().page.localization.locale.replace("-", "_"))


@theme_filter
def time_tag(value: Any, style: str = "medium") -> Markup:
    """A time element with the date as the locale writes it."""
    if not isinstance(value, datetime):
        return Markup()
    chosen: Any = style if style in _STYLES else "medium"
    text = format_datetime(value, chosen, locale=state().page.localization.locale.replace("-", "_"))
    return Markup('<time datetime="{}">{}</time>').format(value.isoformat(timespec="seconds"), text)
