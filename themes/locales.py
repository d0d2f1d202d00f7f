"""Translations of a theme: flat keys, plural forms by CLDR, the default language as fallback."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from babel.core import Locale, UnknownLocaleError

from themes.files import ThemeFiles
from themes.schema import load_json


def _flatten(data: Mapping[str, Any], prefix: str, into: dict[str, str]) -> None:
    for key, value in data.items():
        if isinstance(value, Mapping):
            _flatten(value, f"{prefix}{key}.", into)
        else:
            into[f"{prefix}{key}"] = str(value)


@lru_cache(maxsize=64)
def plural_form(locale: str, count: int) -> str:
    try:
        return str(Locale.parse(locale, sep="-").plural_form(count))
    except (UnknownLocaleError, ValueError):
        return "one" if count == 1 else "other"


class Translations:
    __slots__ = ("_by_locale", "default")

    def __init__(self, files: ThemeFiles) -> None:
        self._by_locale: dict[str, dict[str, str]] = {}
        self.default = "en"
        for path, content in files.items():
            if path.startswith("locales/") and path.endswith(".json") and ".schema." not in path:
                self._add(path, content)

    def _add(self, path: str, content: bytes) -> None:
        name = path.removeprefix("locales/").removesuffix(".json")
        locale = name.removesuffix(".default")
        if name != locale:
            self.default = locale
        _flatten(load_json(path, content), "", self._by_locale.setdefault(locale, {}))

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
