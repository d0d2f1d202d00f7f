"""Setting values typed by their schema, once per theme and layer; values that name an object are looked up later."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import nh3
from markupsafe import Markup

from themes.drops.base import Drop
from themes.drops.handles import ByHandle
from themes.sandbox.access import Lookup, exposes

REFERENCES = {
    "image_picker": "images", "product": "products", "collection": "collections", "page": "pages", "link_list": "menus",
}  # fmt: skip
_COLOR = re.compile(r"#[0-9a-fA-F]{3,8}|(?:rgb|rgba|hsl|hsla|oklch)\([0-9.,%/ deg-]+\)|transparent|currentcolor")
_URL = re.compile(r"(?:https?:|mailto:|tel:|/|#|\?)", re.IGNORECASE)
_INLINE = {"strong", "em", "b", "i", "a", "br", "span"}


@dataclass(frozen=True, slots=True)
class Reference:
    """An object that a setting names by handle or key."""

    kind: str
    handle: str


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
        value = self._values.get(str(name))
        if type(value) is Reference:
            return self._finders[value.kind].lookup(value.handle) if self._finders else None
        return value


def _number(setting: Mapping[str, Any], value: Any) -> int | float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    low, high = setting.get("min", value), setting.get("max", value)
    number: int | float = min(max(value, low), high)
    return number


def _text(setting: Mapping[str, Any], value: Any, kind: str) -> Any:
    text = str(value)
    if kind in ("richtext", "html"):
        return Markup(nh3.clean(text))
    if kind == "inline_richtext":
        return Markup(nh3.clean(text, tags=_INLINE))
    if kind in ("color", "color_background"):
        return text if _COLOR.fullmatch(text) else None
    if kind in ("url", "video_url"):
        return text if not text or _URL.match(text) else None
    if kind in ("select", "radio", "text_alignment") and setting.get("options"):
        allowed = [option.get("value") for option in setting["options"]]
        return text if text in allowed else setting.get("default")
    return text


def typed(setting: Mapping[str, Any], value: Any, schemes: Mapping[str, Any] | None = None) -> Any:
    """Return `value` as the type that `setting` declares; what cannot be read is None, never an error."""
    kind = setting.get("type", "text")
    if value is None:
        value = setting.get("default")
    if kind == "checkbox":
        return bool(value)
    if value is None or value == "":
        return None if kind in REFERENCES else value
    if kind in REFERENCES:
        return Reference(REFERENCES[kind], str(value))
    if kind in ("range", "number"):
        return _number(setting, value)
    if kind in ("product_list", "collection_list"):
        return [str(item) for item in value][:50] if isinstance(value, list) else []
    if kind == "color_scheme":
        return ColorSchemeDrop(str(value), (schemes or {}).get(str(value)) or {})
    return _text(setting, value, kind)


def typed_all(
    declared: Mapping[str, Mapping[str, Any]],
    given: Mapping[str, Any],
    schemes: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    return {key: typed(setting, given.get(key), schemes) for key, setting in declared.items()}


def references(values: Mapping[str, Any]) -> list[Reference]:
    return [value for value in values.values() if type(value) is Reference]
