"""The countries of ISO 3166-1 under the names that a reader of a language knows."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import pycountry
from babel.core import Locale, UnknownLocaleError


@lru_cache(maxsize=32)
def countries(locale: str, first: str) -> tuple[tuple[str, str], ...]:
    """Return (code, name) by name, the country `first` before all others."""
    try:
        names: Mapping[str, str] = Locale.parse(locale, sep="-").territories
    except (ValueError, UnknownLocaleError):
        names = {}
    found = [(one.alpha_2, str(names.get(one.alpha_2, one.name))) for one in pycountry.countries]
    return tuple(sorted(found, key=lambda pair: (pair[0] != first, pair[1])))


def country_name(locale: str, code: str) -> str:
    """Return the name of a country, or the code where it is none."""
    return _names(locale).get(code, code)


@lru_cache(maxsize=32)
def _names(locale: str) -> Mapping[str, str]:
    return dict(countries(locale, ""))
