"""A theme: its files, compiled and typed, with the merchant's JSON layer over them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from themes import engine
from themes.assets import FINGERPRINT, SCRIPT, STYLESHEET, assets_of
from themes.builtin_files import BUILTIN, builtin_files
from themes.errors import TemplateMissing, ThemeFileInvalid, ThemeFileMissing, ThemeMissing
from themes.files import ThemeFiles, digest
from themes.locales import Translations
from themes.schema import SectionDef, TemplateDef, grouped, load_json, template_of
from themes.setting_types import COLOR
from themes.settings import typed_all

_CODE = ("layout/", "sections/", "blocks/", "snippets/")
# What a shop wears that never chose.
DEFAULT_THEME = "bazaar"
_MAX_LAYERS = 500
_BUNDLES = (
    (STYLESHEET, Markup('<link rel="stylesheet" href="{}">')),
    (SCRIPT, Markup('<script type="module" src="{}"></script>')),
)


class Made:
    """What is made of a theme's files alone: all layers over them share it."""

    __slots__ = ("assets", "compiled", "key", "translations")

    def __init__(self, files: ThemeFiles) -> None:
        self.key = digest("".join(f"{path}:{digest(files[path])};" for path in sorted(files)).encode())
        self.translations = Translations(files)
        self.compiled = {path: _compile(path, files) for path in files if _is_code(path)}
        self.assets = assets_of(files, {path: made.raw for path, made in self.compiled.items()})


class Theme:
    def __init__(
        self, handle: str, files: ThemeFiles, layer: Mapping[str, Any] | None = None, made: Made | None = None
    ) -> None:
        self.handle = handle
        self.files = files
        self.layer = layer or {}
        self._made = made or Made(files)
        # Names the theme's files and the layer over them: equal keys render equal pages.
        self.key = digest((self._made.key + json.dumps(self.layer, sort_keys=True)).encode())
        self.translations = self._made.translations
        self._compiled = self._made.compiled
        self._templates: dict[str, TemplateDef] = {}
        self._typed: dict[tuple[str, str, str], dict[str, Any]] = {}
        self.layers: dict[str, Theme] = {}
        self._statics: dict[str, SectionDef] = {}
        self.current = self._current()
        schemes = self.current.get("color_schemes")
        self.schemes: dict[str, Any] = schemes if isinstance(schemes, dict) else {}
        self.declared = grouped(self._json("config/settings_schema.json"))
        self.settings = typed_all(self.declared, self.current, self._scheme_values())

    def _current(self) -> dict[str, Any]:
        data = self._json("config/settings_data.json")
        current, presets = (data.get("current"), data.get("presets")) if isinstance(data, dict) else ({}, {})
        if isinstance(current, str):
            current = presets.get(current) if isinstance(presets, dict) else {}
        return {**(current if isinstance(current, dict) else {}), **(self.layer.get("settings") or {})}

    def _scheme_values(self) -> dict[str, dict[str, str]]:
        """Return the colours of each scheme; only colours, because these values are printed into style sheets."""
        found: dict[str, dict[str, str]] = {}
        for name, scheme in self.schemes.items():
            values = scheme.get("settings", scheme) if isinstance(scheme, dict) else {}
            colors = values.items() if isinstance(values, dict) else ()
            found[name] = {key: color for key, color in colors if isinstance(color, str) and COLOR.fullmatch(color)}
        return found

    def _json(self, path: str) -> Any:
        layered = (self.layer.get("templates") or {}).get(path)
        if layered is not None:
            return layered
        return load_json(path, self.files[path]) if path in self.files else None

    def file(self, path: str) -> engine.Compiled:
        try:
            return self._compiled[path]
        except KeyError:
            raise ThemeFileMissing(path) from None

    def has(self, path: str) -> bool:
        return path in self._compiled

    def has_template(self, name: str) -> bool:
        """Tell whether the theme draws this kind of page, for those that only some themes have."""
        return self._read(f"templates/{name}.json") is not None

    def template(self, name: str) -> TemplateDef:
        """Return templates/<name>.json; an alternate (`product.gift`) that is missing falls back to its base."""
        for choice in (name, name.partition(".")[0]):
            found = self._read(f"templates/{choice}.json")
            if found is not None:
                return found
        raise TemplateMissing(name)

    def group(self, name: str) -> TemplateDef:
        found = self._read(f"sections/{name}.json")
        if found is None:
            raise ThemeFileMissing(f"sections/{name}.json")
        return found

    def groups(self) -> list[TemplateDef]:
        names = [path[9:-5] for path in self.files if path.startswith("sections/") and path.endswith(".json")]
        return [self.group(name) for name in names]

    def _read(self, path: str) -> TemplateDef | None:
        if path not in self._templates:
            if path not in self.files and path not in (self.layer.get("templates") or {}):
                return None
            self._templates[path] = template_of(self._json(path))
        return self._templates[path]

    def typed(self, owner: str, part: str, declared: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
        """Type the settings of a section or block once; `given` never changes for a theme and layer."""
        key = (owner, part, str(id(given)))
        found = self._typed.get(key)
        if found is None:
            found = self._typed[key] = typed_all(declared, given, self._scheme_values())
        return found

    def static(self, name: str) -> SectionDef:
        """Return the section that `{% section %}` names, with the settings stored for it."""
        if name in self._statics:
            return self._statics[name]
        sections = self.current.get("sections")
        stored = sections.get(name) if isinstance(sections, dict) else None
        entry = {**(stored if isinstance(stored, dict) else {}), "type": name, "disabled": False}
        self._statics[name] = template_of({"sections": {name: entry}}).sections[0]
        return self._statics[name]

    def with_layer(
        self, settings: Mapping[str, Any] | None = None, templates: Mapping[str, Any] | None = None
    ) -> Theme:
        """Return this theme under a merchant's values: `settings` by id, `templates` by path (templates/index.json)."""
        layer = {"settings": dict(settings or {}), "templates": dict(templates or {})}
        if not layer["settings"] and not layer["templates"]:
            return self
        key = digest(json.dumps(layer, sort_keys=True).encode())
        if key not in self.layers:
            if len(self.layers) >= _MAX_LAYERS:
                self.layers.pop(next(iter(self.layers)))
            self.layers[key] = Theme(self.handle, self.files, layer, self._made)
        return self.layers[key]

    def sketch(self, settings: Mapping[str, Any], templates: Mapping[str, Any]) -> Theme:
        """Return this theme under values that change with every key pressed; unlike `with_layer`, nothing is kept."""
        return Theme(self.handle, self.files, {"settings": dict(settings), "templates": dict(templates)}, self._made)

    def asset_hash(self, name: str) -> str:
        """Return the fingerprint (12 hex digits) of an asset; a missing one gets zeros, so its address is a 404."""
        found = self._made.assets.get(name)
        return found.sha12 if found else "0" * FINGERPRINT

    def asset(self, sha12: str, name: str) -> bytes | None:
        """Return an asset or a bundle when the fingerprint is its own."""
        found = self._made.assets.get(name)
        return found.content if found and found.sha12 == sha12 else None

    def style_hash(self) -> str:
        """Return the fingerprint of the bundled style sheet."""
        return self.asset_hash(STYLESHEET)

    def script_hash(self) -> str:
        return self.asset_hash(SCRIPT)

    def bundles(self, base: str) -> Markup:
        """Return the elements that load what sections carry in {% stylesheet %} and {% javascript %}."""
        return Markup("\n").join(
            element.format(f"{base}/{self._made.assets[name].sha12}/{name}")
            for name, element in _BUNDLES
            if name in self._made.assets
        )


def _is_code(path: str) -> bool:
    return path.startswith(_CODE) and path.endswith(".html")


def _compile(path: str, files: ThemeFiles) -> engine.Compiled:
    try:
        return engine.compiled(path, files[path].decode())
    except UnicodeDecodeError as error:
        raise ThemeFileInvalid(path, "it is not UTF-8; save it in that encoding") from error


@lru_cache(maxsize=32)
def load_builtin(handle: str) -> Theme:
    """Read and compile a theme of themes/builtin, once per process."""
    if not handle.isidentifier() or not (BUILTIN / handle / "theme.json").is_file():
        raise ThemeMissing(handle)
    return Theme(handle, builtin_files(handle))
