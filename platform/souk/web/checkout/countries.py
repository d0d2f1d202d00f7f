"""The countries of ISO 3166-1 under the names that a reader of the shop's language knows."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import pycountry
from babel.core import Locale, UnknownLocaleError
from markupsafe import Markup


@lru_cache(maxsize=32)
def countries(locale: str, first: str) -> tuple[tuple[str, str], ...]:
    """Return (code, name) by name, the shop's own country `first`."""
    try:
        names: Mapping[str, str] = Locale.parse(locale, sep="-").territories
    except (ValueError, UnknownLocaleError):
        names = {}
    found = [(one.alpha_2, str(names.get(one.alpha_2, one.name))) for one in pycountry.countries]
    return tuple(sorted(found, key=lambda pair: (pair[0] != first, pair[1])))


# One shop's buyers choose among few countries, and 250 lines are most of the work of drawing the page.
@lru_cache(maxsize=1_000)
def country_options(locale: str, first: str, chosen: str) -> Markup:
    """Return the `option` elements of the countries, `chosen` selected."""
    line, selected = Markup('<option value="{}"{}>{}</option>\n'), Markup(" selected")
    return Markup("").join(
        line.format(code, selected if code == chosen else "", title) for code, title in countries(locale, first)
    )


def country_name(locale: str, code: str) -> str:
    return dict(countries(locale, "")).get(code, code)
