"""Setting values typed by their schema, once per theme and layer; values that name an object are looked up later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import nh3
from markupsafe import Markup

from themes.drops.base import Drop
from themes.drops.handles import ByHandle
from themes.drops.money import MoneyDrop
from themes.dynamic import Source, source_of
from themes.page import state
from themes.sandbox.access import Lookup, exposes
from themes.setting_types import COLOR, MAX_LIST, MAX_TEXT, NAMES_OBJECT, URL, is_number, option_values

MAX_HANDLE = 200
_DROPS = {"image_picker": "ImageDrop", "product": "ProductDrop", "collection": "CollectionDrop", "page": "PageDrop"}
_WRITTEN = frozenset({"text", "textarea", "inline_richtext", "richtext", "html", "url", "select", "radio", "color"})
_INLINE = {"strong", "em", "b", "i", "a", "br", "span"}


@dataclass(frozen=True, slots=True)
class Reference:
    """An object that a setting names by handle or key."""

    kind: str
    handle: str


class OwnPath(str):
    """An address within the shop, which stands below the prefix of the page's language."""

    __slots__ = ()


@exposes("id", "settings")
class ColorSchemeDrop(Drop):
    """A set of colours that belong together."""

    __slots__ = ("id", "settings")

    def __init__(self, name: str, values: Mapping[str, Any]) -> None:
        self.id = name
        self.settings = SettingsDrop(values, None)

    def __html__(self) -> Markup:
        return Markup.escape(self.id)


class SettingsDrop(Lookup):
    """Settings by id; an unknown id is nothing."""

    __slots__ = ("_finders", "_values")

    def __init__(self, values: Mapping[str, Any], finders: Mapping[str, ByHandle] | None) -> None:
        self._values = values
        self._finders = finders

    def lookup(self, name: object) -> object:
        value = self._values.get(str(name)) if isinstance(name, str) else None
        if type(value) is Source:
            found = bound(value)
            # What a property tells has its prefix already.
            return str(found) if type(found) is OwnPath else found
        if type(value) is OwnPath:
            return state().scope.prefix + value
        if type(value) is Reference:
            return self._finders[value.kind].lookup(value.handle) if self._finders else None
        return value


def _number(setting: Mapping[str, Any], value: Any) -> int | float | None:
    if not is_number(value):
        return None
    low, high = setting.get("min"), setting.get("max")
    if is_number(low):
        value = max(value, low)
    number: int | float = min(value, high) if is_number(high) else value
    return number


def _text(setting: Mapping[str, Any], value: Any, kind: str) -> Any:
    text = str(value)[:MAX_TEXT]
    if kind in ("richtext", "html"):
        return Markup(nh3.clean(text))
    if kind == "inline_richtext":
        return Markup(nh3.clean(text, tags=_INLINE))
    if kind in ("color", "color_background"):
        return text if COLOR.fullmatch(text) else None
    if kind in ("url", "video_url", "video"):
        return _address(text) if URL.match(text) else None
    if kind in ("select", "radio") and (allowed := option_values(setting)):
        return text if text in allowed else _default(setting)
    return text


def _address(text: str) -> str:
    return OwnPath(text) if text.startswith("/") and not text.startswith("//") else text


def _default(setting: Mapping[str, Any]) -> str | None:
    default = setting.get("default")
    return default if isinstance(default, str) else None


def bound(source: Source) -> object:
    """Return what a dynamic source reads on this page, when it fits the type of the setting; nothing otherwise."""
    from themes.engine import environment  # noqa: PLC0415 - the engine's filters read settings
    from themes.filters.money import formatted  # noqa: PLC0415 - as above

    state().scope.tainted = True
    value: Any = state().globals.get(source.path[0])
    for name in source.path[1:]:
        value = environment().getattr(value, name)
    kind = source.setting.get("type")
    if kind in NAMES_OBJECT:
        return value if type(value).__name__ == _DROPS.get(kind) else None
    if isinstance(value, MoneyDrop):
        return formatted(value)
    if type(value) is Markup and kind in ("richtext", "inline_richtext", "html"):
        return value
    if type(value) in (str, Markup, int, float, bool):
        return typed(source.setting, str(value) if kind in _WRITTEN and type(value) is not bool else value)
    return None


def typed(setting: Mapping[str, Any], value: Any, schemes: Mapping[str, Any] | None = None) -> Any:
    """Return `value` as the type that `setting` declares; what cannot be read is None, never an error."""
    kind = setting.get("type", "text")
    path = source_of(value)
    if path:
        return Source(setting, path)
    if value is None:
        value = setting.get("default")
    if kind == "checkbox":
        return value is True
    if kind in ("product_list", "collection_list"):
        return [str(item) for item in value][:MAX_LIST] if isinstance(value, list) else []
    if kind == "color_scheme_group":
        return {name: ColorSchemeDrop(name, values) for name, values in (schemes or {}).items()}
    if value == "" and kind not in NAMES_OBJECT:
        return value
    return None if value is None or value == "" or isinstance(value, (dict, list)) else _scalar(setting, value, schemes)


def _scalar(setting: Mapping[str, Any], value: Any, schemes: Mapping[str, Any] | None) -> Any:
    kind = setting.get("type", "text")
    if kind in NAMES_OBJECT:
        return Reference(NAMES_OBJECT[kind], str(value)[:MAX_HANDLE])
    if kind in ("range", "number"):
        return _number(setting, value)
    if kind == "color_scheme":
        return ColorSchemeDrop(str(value), (schemes or {}).get(str(value), {}))
    return _text(setting, value, kind)


def typed_all(
    declared: Mapping[str, Mapping[str, Any]],
    given: Mapping[str, Any],
    schemes: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    return {key: typed(setting, given.get(key), schemes) for key, setting in declared.items()}


def references(values: Mapping[str, Any]) -> list[Reference]:
    return [value for value in values.values() if type(value) is Reference]
