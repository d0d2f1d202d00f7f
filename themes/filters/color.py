"""Filters on colours: what a theme needs to derive shades and readable text from a merchant's choice."""

from __future__ import annotations

import re
from typing import Any

from themes.filters.registry import theme_filter
from themes.sandbox.output import text_of

_HEX = re.compile(r"#([0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})")
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})[ ,]+(\d{1,3})[ ,]+(\d{1,3})\s*(?:[,/][ 0-9.%]{1,8})?\)")
_WEIGHTS = (299, 587, 114)
Rgb = tuple[int, int, int]


def rgb_of(value: Any) -> Rgb | None:
    """Read #rgb, #rrggbb (with or without transparency) and rgb(); other notations are not calculated with."""
    text = str(text_of(value)).strip()[:40]
    found = _HEX.fullmatch(text)
    if found:
        digits = found[1] if len(found[1]) > 4 else "".join(digit * 2 for digit in found[1])  # noqa: PLR2004 - #rgba
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)
    parts = _RGB.fullmatch(text)
    return (_byte(int(parts[1])), _byte(int(parts[2])), _byte(int(parts[3]))) if parts else None


def _byte(value: float) -> int:
    return min(max(round(value), 0), 255)


def _hex(color: Rgb) -> str:
    return "#{:02x}{:02x}{:02x}".format(*color)


def _blend(one: Rgb, other: Rgb, share: float) -> str:
    share = min(max(share, 0), 100) / 100
    red, green, blue = (_byte(a * share + b * (1 - share)) for a, b in zip(one, other, strict=True))
    return _hex((red, green, blue))


@theme_filter
def color_to_hex(color: Any) -> str:
    """The colour as #rrggbb."""
    found = rgb_of(color)
    return _hex(found) if found else ""


@theme_filter
def color_to_rgb(color: Any) -> str:
    """The colour as rgb(r, g, b)."""
    found = rgb_of(color)
    return "rgb({}, {}, {})".format(*found) if found else ""


@theme_filter
def color_mix(color: Any, other: Any, share: float = 50) -> str:
    """The colour with `other` mixed in; `share` is the percentage of the first one."""
    one, two = rgb_of(color), rgb_of(other)
    return _blend(one, two, share) if one and two else ""


@theme_filter
def color_lighten(color: Any, amount: float) -> str:
    """The colour with `amount` percent of white."""
    found = rgb_of(color)
    return _blend((255, 255, 255), found, amount) if found else ""


@theme_filter
def color_darken(color: Any, amount: float) -> str:
    """The colour with `amount` percent of black."""
    found = rgb_of(color)
    return _blend((0, 0, 0), found, amount) if found else ""


@theme_filter
def color_brightness(color: Any) -> float:
    """How bright a colour looks, 0 (black) to 255 (white); nothing readable is 0."""
    found = rgb_of(color)
    return round(sum(part * weight for part, weight in zip(found, _WEIGHTS, strict=True)) / 1000, 2) if found else 0


@theme_filter
def color_contrast(color: Any, other: Any) -> float:
    """Contrast by WCAG, 1 to 21; text is readable from 4.5."""
    one, two = rgb_of(color), rgb_of(other)
    if one is None or two is None:
        return 1
    light, dark = sorted((_luminance(one), _luminance(two)), reverse=True)
    return round((light + 0.05) / (dark + 0.05), 2)


def _luminance(color: Rgb) -> float:
    linear = [part / 255 / 12.92 if part / 255 <= 0.04045 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in color]  # noqa: PLR2004 - sRGB
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
