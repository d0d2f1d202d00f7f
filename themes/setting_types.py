"""The types a setting can have: what a template gets, which keys the schema takes, and which values fit.

The engine, the validator and the reference read this one table.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from themes.visibility import VisibilityInvalid, parse_visibility

Setting = Mapping[str, Any]
COLOR = re.compile(r"#[0-9a-fA-F]{3,8}|(?:rgb|rgba|hsl|hsla|oklch)\([0-9.,%/ deg-]{1,60}\)|transparent|currentcolor")
URL = re.compile(r"(?:https?:|mailto:|tel:|/|#|\?)", re.IGNORECASE)
HANDLE = re.compile(r"[\w./-]{1,200}")
ID = re.compile(r"[a-z][a-z0-9_]{0,59}")
MAX_TEXT = 50_000
MAX_LIST = 50
MAX_STEPS = 101
_COMMON = frozenset({"type", "id", "label", "info", "default", "visible_if"})


@dataclass(frozen=True, slots=True)
class SettingType:
    """`value` says what a template reads; `misfit` returns why a value does not fit, or None."""

    name: str
    value: str
    misfit: Callable[[Setting, Any], str | None]
    keys: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    has_value: bool = True


def _text(_setting: Setting, value: Any) -> str | None:
    if not isinstance(value, str):
        return "it must be a text"
    return f"it is longer than {MAX_TEXT} characters" if len(value) > MAX_TEXT else None


def _checkbox(_setting: Setting, value: Any) -> str | None:
    return None if isinstance(value, bool) else "it must be true or false"


def is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _number(setting: Setting, value: Any) -> str | None:
    if not is_number(value):
        return "it must be a number"
    low, high = setting.get("min"), setting.get("max")
    if (is_number(low) and value < low) or (is_number(high) and value > high):
        return f"it must be from {low} to {high}"
    return None


def _range(setting: Setting, value: Any) -> str | None:
    step, low = setting.get("step", 1), setting.get("min", 0)
    if not is_number(value) or not is_number(step) or not is_number(low) or step <= 0:
        return _number(setting, value)
    away = (value - low) / step
    return _number(setting, value) or (None if abs(away - round(away)) < 1e-6 else f"it must be a step of {step}")  # noqa: PLR2004


def option_values(setting: Setting) -> list[Any]:
    options = setting.get("options")
    return (
        [option.get("value") for option in options if isinstance(option, Mapping)] if isinstance(options, list) else []
    )


def _choice(setting: Setting, value: Any) -> str | None:
    allowed = option_values(setting)
    return None if value in allowed else f"it must be one of {', '.join(map(str, allowed))}"


def _alignment(setting: Setting, value: Any) -> str | None:
    return None if value in ("left", "center", "right") else "it must be left, center or right"


def _color(_setting: Setting, value: Any) -> str | None:
    fits = isinstance(value, str) and (not value or COLOR.fullmatch(value))
    return None if fits else "it must be a colour such as #1a2b3c or rgb(1, 2, 3)"


def _url(_setting: Setting, value: Any) -> str | None:
    fits = isinstance(value, str) and (not value or URL.match(value))
    return None if fits else "it must be an address that begins with https:, mailto:, tel:, /, # or ?"


def _handle(_setting: Setting, value: Any) -> str | None:
    fits = value is None or (isinstance(value, str) and (not value or HANDLE.fullmatch(value)))
    return None if fits else "it must be the handle or key of an object"


def _handles(_setting: Setting, value: Any) -> str | None:
    fits = isinstance(value, list) and len(value) <= MAX_LIST and all(isinstance(item, str) for item in value)
    return None if fits else f"it must be a list of at most {MAX_LIST} handles"


def _schemes(_setting: Setting, value: Any) -> str | None:
    return None if isinstance(value, Mapping) else "it must be an object of colour schemes by name"


def _nothing(_setting: Setting, _value: Any) -> str | None:
    return "it holds no value"


_BOUNDS = frozenset({"min", "max", "step", "unit"})
_WRITTEN = frozenset({"placeholder"})
_TYPES = (
    SettingType("text", "text, one line", _text, _WRITTEN),
    SettingType("textarea", "text, several lines", _text, _WRITTEN),
    SettingType("richtext", "sanitised HTML with paragraphs", _text),
    SettingType("inline_richtext", "sanitised HTML within a line", _text),
    SettingType("html", "sanitised HTML", _text, _WRITTEN),
    SettingType("number", "a number, or nothing", _number, _BOUNDS | _WRITTEN),
    SettingType("range", "a number from min to max", _range, _BOUNDS, frozenset({"min", "max", "default"})),
    SettingType("checkbox", "true or false", _checkbox),
    SettingType("select", "the value of an option", _choice, frozenset({"options"}), frozenset({"options"})),
    SettingType("radio", "the value of an option", _choice, frozenset({"options"}), frozenset({"options"})),
    SettingType("text_alignment", "left, center or right", _alignment, frozenset({"options"})),
    SettingType("color", "a CSS colour, or nothing", _color),
    SettingType("color_background", "a CSS colour, or nothing", _color),
    SettingType("color_scheme", "a colour scheme with `id` and `settings`", _text),
    SettingType("color_scheme_group", "the colour schemes by name", _schemes, frozenset({"definition", "role"})),
    SettingType("font_picker", "the name of a font", _text),
    SettingType("url", "an address, or nothing", _url),
    SettingType("video_url", "an address, or nothing", _url, frozenset({"accept", "placeholder"})),
    SettingType("video", "an address, or nothing", _url),
    SettingType("image_picker", "the picture, or nothing", _handle),
    SettingType("product", "the product, or nothing", _handle),
    SettingType("product_list", "handles, at most 50", _handles, frozenset({"limit"})),
    SettingType("collection", "the collection, or nothing", _handle),
    SettingType("collection_list", "handles, at most 50", _handles, frozenset({"limit"})),
    SettingType("page", "the page, or nothing", _handle),
    SettingType("link_list", "the menu, or nothing", _handle),
    SettingType("header", "nothing: a heading in the editor", _nothing, frozenset({"content"}), has_value=False),
    SettingType("paragraph", "nothing: a text in the editor", _nothing, frozenset({"content"}), has_value=False),
)
SETTING_TYPES = {kind.name: kind for kind in _TYPES}
NAMES_OBJECT = {
    "image_picker": "images", "product": "products", "collection": "collections", "page": "pages", "link_list": "menus",
}  # fmt: skip


def declaration_problems(setting: Any) -> list[str]:
    """Return what is wrong with the declaration of one setting, as sentences with the cure."""
    if not isinstance(setting, Mapping) or not isinstance(setting.get("type"), str):
        return ["A setting is an object with a `type`; add it."]
    kind = SETTING_TYPES.get(setting["type"])
    if kind is None:
        return [f"There is no setting type {setting['type']!r}; use one of {', '.join(SETTING_TYPES)}."]
    if not kind.has_value:
        return [] if setting.get("content") else [f"A {kind.name} needs its text in `content`; add it."]
    found = _key_problems(setting, kind) + _bounds_problems(setting)
    if not found and "default" in setting and (why := kind.misfit(setting, setting["default"])):
        found.append(f"The default of {setting['id']!r} does not fit: {why}; change it.")
    return found


def _key_problems(setting: Setting, kind: SettingType) -> list[str]:
    name = setting.get("id")
    if not isinstance(name, str) or not ID.fullmatch(name):
        return ["A setting needs an `id` of small letters, digits and underscores; add or correct it."]
    found = [f"The {kind.name} {name!r} needs `{key}`; add it." for key in sorted(kind.needs - setting.keys())]
    if not setting.get("label"):
        found.append(f"The setting {name!r} has no `label`; add what the merchant reads.")
    unknown = sorted(setting.keys() - _COMMON - kind.keys)
    found += [f"The key {key!r} means nothing for a {kind.name}; remove it." for key in unknown]
    if "options" in kind.needs and not option_values(setting):
        found.append(f"The options of {name!r} are a list of objects with `value` and `label`; write them so.")
    if "visible_if" in setting:
        found += _visibility_problems(name, setting["visible_if"])
    return found


def _visibility_problems(name: str, condition: Any) -> list[str]:
    try:
        parse_visibility(condition)
    except VisibilityInvalid as error:
        return [f"The `visible_if` of {name!r} cannot be read: {error.reason}."]
    return []


def _bounds_problems(setting: Setting) -> list[str]:
    given = [setting[key] for key in ("min", "max", "step") if key in setting]
    if not all(is_number(value) for value in given):
        return [f"`min`, `max` and `step` of {setting.get('id')!r} are numbers; correct them."]
    low, high, step = setting.get("min"), setting.get("max"), setting.get("step", 1)
    if low is not None and high is not None and low >= high:
        return [f"`min` of {setting.get('id')!r} must be smaller than `max`; correct them."]
    if setting.get("type") != "range" or low is None or high is None:
        return []
    if step <= 0 or (high - low) / step > MAX_STEPS:
        return [f"The range {setting.get('id')!r} has more than {MAX_STEPS} steps; use a larger `step`."]
    return []
