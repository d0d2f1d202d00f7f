"""Rules on translations: every language has the texts of the default one, with the same places to fill."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from souk.kernel.translations import Catalogue
from themes.locales import PLACE
from themes.validation.finding import Inspection, Located

_FORMS = ("zero", "one", "two", "few", "many", "other")
_LOCALE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,2}(?:\.default)?(?:\.schema)?")
MAX_SHOWN = 20


@dataclass(slots=True)
class Texts:
    """The texts of the default language."""

    path: str = "locales/en.default.json"
    keys: dict[str, str] = field(default_factory=dict)

    def has(self, key: str) -> bool:
        return key in self.keys or any(f"{key}.{form}" in self.keys for form in _FORMS)


def check_locales(theme: Inspection) -> Texts:
    """Report on all languages; return the texts of the default one."""
    paths = [path for path in theme.below("locales", ".json") if ".schema." not in path]
    for path in theme.below("locales", ".json"):
        if not _LOCALE.fullmatch(path[8:-5]):
            theme.error(path, 1, "locale-name", "A file is named like en.json or en.default.json; rename it.")
    defaults = [path for path in paths if path.endswith(".default.json")]
    if len(defaults) != 1:
        found = ", ".join(defaults) or "none"
        theme.error(
            "locales/en.default.json",
            1,
            "default-locale",
            f"Exactly one language is the default (now {found}); name it so.",
        )
    texts = Texts(defaults[0], _texts(theme, defaults[0])[1]) if defaults else Texts()
    for path in paths:
        if path != texts.path:
            _compare(theme, path, texts)
    return texts


def _texts(theme: Inspection, path: str) -> tuple[Located | None, dict[str, str]]:
    document = theme.document(path)
    found: dict[str, str] = {}
    if document is not None and not isinstance(document.data, Mapping):
        theme.error(path, 1, "locale", "Translations are a JSON object of texts; write them so.")
    elif document is not None:
        _check_leaves(theme, path, document, document.data, ())
        catalogue = Catalogue(path)
        catalogue.add(path, document.data)
        found = {key: catalogue.find(key, path) or "" for key in catalogue.keys(path)}
    return document, found


def _check_leaves(
    theme: Inspection, path: str, document: Located, data: Mapping[str, Any], at: tuple[str, ...]
) -> None:
    for key, value in data.items():
        if isinstance(value, Mapping):
            _check_leaves(theme, path, document, value, (*at, key))
        elif not isinstance(value, str):
            theme.error(
                path, document.line(*at, key), "locale", f"The text {'.'.join((*at, key))!r} is no text; correct it."
            )


def _compare(theme: Inspection, path: str, texts: Texts) -> None:
    document, found = _texts(theme, path)
    if document is None:
        return
    missing = sorted(key for key in texts.keys if key not in found and not _is_form(key))
    for key in missing[:MAX_SHOWN]:
        theme.warn(path, 1, "untranslated", f"The text {key!r} is missing; translate it.")
    if len(missing) > MAX_SHOWN:
        theme.warn(path, 1, "untranslated", f"{len(missing) - MAX_SHOWN} more texts are missing; translate them.")
    for key in sorted(found):
        line = document.line(*key.split("."))
        if key not in texts.keys and not _is_form(key):
            theme.warn(path, line, "unused-translation", f"{texts.path} has no text {key!r}; remove it.")
        elif key in texts.keys and _places(found[key]) != _places(texts.keys[key]) and not _is_form(key):
            theme.warn(
                path,
                line,
                "translation-places",
                f"The text {key!r} fills other places than in {texts.path}; correct it.",
            )


def _is_form(key: str) -> bool:
    return key.rpartition(".")[2] in _FORMS


def _places(text: str) -> set[str]:
    return {match[1] or match[2] for match in PLACE.finditer(text)}
