"""Read a form that was generated from a settings schema, of a theme or of a plugin."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from souk.kernel.errors import Invalid

PREFIX = "s-"
MAX_TEXT = 20_000
MAX_LIST = 50
_COLOR = re.compile(r"#[0-9a-fA-F]{3,8}")
_URL = re.compile(r"(?:https?:|mailto:|tel:|/|#|\?)", re.IGNORECASE)
_KEY = re.compile(r"[a-z0-9_./-]{0,200}")
Setting = Mapping[str, Any]


class BadSetting(Invalid):
    code = "invalid_setting"

    def __init__(self, setting: Setting, cure: str) -> None:
        label = setting.get("label") or setting["id"]
        super().__init__(f"{label}: {cure}", field=f"{PREFIX}{setting['id']}")


def declared(schema: Sequence[Mapping[str, Any]]) -> Iterator[Setting]:
    """Yield the settings that have a value, without headings and paragraphs between them."""
    for group in schema:
        yield from (setting for setting in group.get("settings", ()) if "id" in setting)


def read_values(schema: Sequence[Mapping[str, Any]], form: Mapping[str, str]) -> dict[str, Any]:
    """Return the typed values by setting id; raises BadSetting for the first that does not fit its type."""
    return {setting["id"]: _read(setting, form) for setting in declared(schema)}


def typed_texts(schema: Sequence[Mapping[str, Any]], form: Mapping[str, str]) -> dict[str, Any]:
    """Return what was typed, as it is, to show a refused form again."""
    return {
        setting["id"]: f"{PREFIX}{setting['id']}" in form
        if setting.get("type") == "checkbox"
        else form.get(f"{PREFIX}{setting['id']}", "")
        for setting in declared(schema)
    }


def _read(setting: Setting, form: Mapping[str, str]) -> Any:
    kind, name = setting.get("type", "text"), f"{PREFIX}{setting['id']}"
    if kind == "checkbox":
        return name in form
    text = form.get(name, "").replace("\0", "").strip()
    if len(text) > MAX_TEXT:
        raise BadSetting(setting, f"shorten it to {MAX_TEXT:,} characters.")
    return _READERS.get(kind, _text)(setting, text)


def _text(_setting: Setting, text: str) -> str:
    return text


def _number(setting: Setting, text: str) -> int | float | None:
    if not text:
        return None
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        number = Decimal("NaN")
    low, high = setting.get("min"), setting.get("max")
    fits = number.is_finite() and (low is None or number >= low) and (high is None or number <= high)
    if not fits:
        bounds = f" from {low} to {high}" if low is not None and high is not None else ""
        raise BadSetting(setting, f"write a number{bounds}.")
    return int(number) if number == number.to_integral_value() else float(number)


def _color(setting: Setting, text: str) -> str:
    if text and not _COLOR.fullmatch(text):
        raise BadSetting(setting, "write a colour such as #14532d.")
    return text


def _url(setting: Setting, text: str) -> str:
    if text and not _URL.match(text):
        raise BadSetting(setting, "an address begins with https:// or /.")
    return text


def _choice(setting: Setting, text: str) -> str:
    options = [str(option.get("value")) for option in setting.get("options", ())]
    if options and text not in options:
        raise BadSetting(setting, "choose one of the list.")
    return text


def _key(setting: Setting, text: str) -> str:
    if not _KEY.fullmatch(text):
        raise BadSetting(setting, "choose a picture of the shop.")
    return text


def _lines(_setting: Setting, text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()][:MAX_LIST]


_READERS: Mapping[str, Callable[[Setting, str], Any]] = {
    "range": _number, "number": _number, "color": _color, "color_background": _color, "url": _url,
    "video_url": _url, "select": _choice, "radio": _choice, "text_alignment": _choice, "image_picker": _key,
    "product_list": _lines, "collection_list": _lines,
}  # fmt: skip
