"""Compare the texts of languages: the same keys, the same places to fill, the plural forms that each language has."""

from __future__ import annotations

import re
from collections.abc import Iterable

from babel.core import Locale

from souk.kernel.translations import Catalogue

PLACES = re.compile(r"\{\{ (\w+) \}\}")
FORMS = frozenset(["zero", "one", "two", "few", "many", "other"])


def assert_same(texts: Catalogue, languages: Iterable[str]) -> None:
    """Fail with every key of a language that English has not, or the other way round, and with other places."""
    english = texts.keys("en")
    plurals = {key.rpartition(".")[0] for key in english if key.endswith(".one")}
    for language in languages:
        keys = texts.keys(language)
        assert _plain(keys, plurals) == _plain(english, plurals), language
        forms = set(Locale.parse(language).plural_form.tags) | {"other"}
        for base in plurals:
            assert {key.rpartition(".")[2] for key in keys if key.rpartition(".")[0] == base} == forms, (language, base)
        for key in keys:
            base, _, form = key.rpartition(".")
            other = f"{base}.other" if base in plurals and form in FORMS else key
            asked, told = places(texts, other, "en"), places(texts, key, language)
            # A form for one thing may spell the number out.
            assert told == asked or (base in plurals and told | {"count"} == asked), (language, key)


def _plain(keys: frozenset[str], plurals: set[str]) -> set[str]:
    return {key for key in keys if key.rpartition(".")[0] not in plurals}


def places(texts: Catalogue, key: str, language: str) -> set[str]:
    return set(PLACES.findall(texts.find(key, language) or ""))
