"""Texts in the reader's language: flat keys, plural forms by CLDR, a default language as fallback.

Themes, our own shopper pages and mails all keep their texts in JSON files of this one shape.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from babel.core import Locale, UnknownLocaleError
from markupsafe import Markup, escape

_PLACE = re.compile(r"\{\{ (\w+) \}\}")


class Translator(Protocol):
    """Answers texts in one language."""

    def __call__(self, key: str, count: int | None = None, **values: object) -> str:
        """Return the text of `key` with its `{{ places }}` filled; a key that ends in _html gives safe markup."""


class Catalogue:
    """Texts by locale. `default` is the locale whose files are complete by definition."""

    __slots__ = ("_by_locale", "default")

    def __init__(self, default: str = "en") -> None:
        self._by_locale: dict[str, dict[str, str]] = {}
        self.default = default

    def add(self, locale: str, texts: Mapping[str, Any]) -> None:
        """Take nested texts in, such as {"cart": {"empty": "Nothing here"}}."""
        _flatten(texts, "", self._by_locale.setdefault(locale, {}))

    def keys(self, locale: str) -> frozenset[str]:
        return frozenset(self._by_locale.get(locale, {}))

    def find(self, key: str, locale: str, count: int | None = None) -> str | None:
        """Return the text of `key` in `locale`, its language, or the default language."""
        for name in (locale, locale.partition("-")[0], self.default):
            texts = self._by_locale.get(name)
            if texts is None:
                continue
            form = plural_form(name, count) if count is not None else ""
            text = (texts.get(f"{key}.{form}") or texts.get(f"{key}.other")) if form else None
            text = text or texts.get(key)
            if text is not None:
                return text
        return None

    def language(self, locale: str) -> str:
        """Return the locale whose texts a reader of `locale` gets, for the `lang` of a page."""
        known = (name for name in (locale, locale.partition("-")[0]) if name in self._by_locale)
        return next(known, self.default)

    def translator(self, locale: str) -> Translator:
        def translate(key: str, count: int | None = None, **values: object) -> str:
            text = self.find(key, locale, count)
            if text is None:
                return key
            return fill(text, values if count is None else {"count": count, **values}, html=key.endswith("_html"))

        return translate


def read_catalogue(folder: Path) -> Catalogue:
    """Read every `<locale>.json` of a folder; English is the default."""
    catalogue = Catalogue()
    for path in sorted(folder.glob("*.json")):
        catalogue.add(path.stem, json.loads(path.read_text("utf-8")))
    return catalogue


def fill(text: str, values: Mapping[str, object], *, html: bool = False) -> str:
    """Put `values` where the text says `{{ name }}`; with `html` they are escaped and the result is markup."""

    def put(place: re.Match[str]) -> str:
        value = values.get(place[1], place[0])
        return str(escape(value)) if html else str(value)

    filled = _PLACE.sub(put, text)
    return Markup(filled) if html else filled  # noqa: S704 - the text is ours and its values are escaped


@lru_cache(maxsize=256)
def plural_form(locale: str, count: int) -> str:
    try:
        return str(Locale.parse(locale, sep="-").plural_form(count))
    except (UnknownLocaleError, ValueError):
        return "one" if count == 1 else "other"


def _flatten(data: Mapping[str, Any], prefix: str, into: dict[str, str]) -> None:
    for key, value in data.items():
        if isinstance(value, Mapping):
            _flatten(value, f"{prefix}{key}.", into)
        else:
            into[f"{prefix}{key}"] = str(value)
