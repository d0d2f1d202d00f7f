"""Filters that make elements: links, hints for the browser, drawings, weights, marks of found words."""

from __future__ import annotations

import re
from typing import Any

from babel.units import format_unit
from markupsafe import Markup, escape

from themes.assets import is_active_svg
from themes.filters.media import attributes_of
from themes.filters.registry import theme_filter
from themes.page import state
from themes.sandbox.output import text_of

MAX_INLINE = 15 * 1024
MAX_WORDS = 10
MAX_MARKED = 20_000
_KINDS = {"css": "style", "js": "script", "mjs": "script", "woff2": "font", "woff": "font"}
_GRAMS = {
    "kg": ("mass-kilogram", 1000.0),
    "g": ("mass-gram", 1.0),
    "lb": ("mass-pound", 453.59237),
    "oz": ("mass-ounce", 28.349523125),
}


@theme_filter
def link_to(text: Any, url: Any, **attributes: Any) -> Markup:
    """A link around the text."""
    values = {"href": url, **attributes}
    return Markup(f"<a{attributes_of(values)}>{escape(text_of(text))}</a>")


@theme_filter
def preload_tag(url: Any, kind: str | None = None) -> Markup:
    """A link element that fetches early; `kind` (style, script, font, image) is told from the ending."""
    address = str(text_of(url))
    chosen = kind or _KINDS.get(address.rpartition(".")[2], "image")
    values = {"href": address, "as": chosen, "crossorigin": "" if chosen == "font" else None}
    return Markup(f'<link rel="preload"{attributes_of(values)}>')


@theme_filter
def inline_asset_content(name: Any) -> Markup:
    """The drawing of an SVG asset of at most 15 KB, as a part of the page; nothing for others."""
    theme, file = state().theme, str(text_of(name))
    content = theme.asset(theme.asset_hash(file), file) if file.endswith(".svg") else None
    if content is None or len(content) > MAX_INLINE or is_active_svg(content):
        return Markup()
    text = content.decode(errors="replace")
    return Markup(text[text.index("<svg") :] if "<svg" in text else "")


@theme_filter
def placeholder_svg_tag(name: Any, class_: str = "", **attributes: Any) -> Markup:
    """A plain drawing that stands where a picture is missing; `name` becomes a part of its class."""
    kind = re.sub(r"[^a-z0-9-]", "-", str(text_of(name)).lower())[:40]
    classes = f"placeholder placeholder--{kind} {attributes.pop('class', class_)}".strip()
    values = {"class": classes, "viewBox": "0 0 4 3", "aria_hidden": "true", "focusable": "false", **attributes}
    drawing = '<path d="M0 0h4v3H0z" fill="currentColor" opacity=".08"/>'
    hill = '<path d="M0 3l1.4-1.6 1 1 .7-.7L4 3z" fill="currentColor" opacity=".16"/>'
    return Markup(f"<svg{attributes_of(values)}>{drawing}{hill}</svg>")


@theme_filter
def weight_with_unit(grams: Any, unit: str = "") -> str:
    """A weight in grams as the locale writes it; kg from 1,000 grams, or the unit asked for (g, kg, lb, oz)."""
    if not isinstance(grams, (int, float)) or isinstance(grams, bool):
        return ""
    chosen = unit if unit in _GRAMS else ("kg" if grams >= _GRAMS["kg"][1] else "g")
    name, weight = _GRAMS[chosen]
    locale = state().page.localization.locale.replace("-", "_")
    return format_unit(round(grams / weight, 2), name, length="short", locale=locale)


@theme_filter
def highlight(text: Any, terms: Any) -> Markup:
    """The text with the words of a search marked; at most 10 words and 20,000 characters."""
    words = sorted({word for word in str(text_of(terms))[:200].split() if word}, key=len, reverse=True)[:MAX_WORDS]
    plain = str(text_of(text))[:MAX_MARKED]
    if not words:
        return escape(plain)
    pattern = re.compile("|".join(map(re.escape, words)), re.IGNORECASE)
    parts: list[str] = []
    at = 0
    for match in pattern.finditer(plain):
        parts.append(f"{escape(plain[at : match.start()])}<mark>{escape(match[0])}</mark>")
        at = match.end()
    return Markup("".join([*parts, str(escape(plain[at:]))]))
