"""Translations of a theme: flat keys, plural forms by CLDR, the default language as fallback."""

from __future__ import annotations

import re
from collections.abc import Mapping

from souk.kernel.translations import Catalogue
from themes.files import ThemeFiles
from themes.schema import load_json

PLACE = re.compile(r"\{\{ ?(\w{1,60}) ?\}\}|\{(\w{1,60})\}")


class Translations(Catalogue):
    __slots__ = ()

    def __init__(self, files: ThemeFiles) -> None:
        super().__init__()
        for path, content in files.items():
            if path.startswith("locales/") and path.endswith(".json") and ".schema." not in path:
                self._read(path, content)

    def _read(self, path: str, content: bytes) -> None:
        name = path.removeprefix("locales/").removesuffix(".json")
        locale = name.removesuffix(".default")
        if name != locale:
            self.default = locale
        texts = load_json(path, content)
        if isinstance(texts, Mapping):
            self.add(locale, texts)
