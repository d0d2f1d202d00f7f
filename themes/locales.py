"""Translations of a theme: its files below locales/, the one named `*.default.json` as fallback."""

from __future__ import annotations

from souk.kernel.translations import Catalogue
from themes.files import ThemeFiles
from themes.schema import load_json


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
        self.add(locale, load_json(path, content))
