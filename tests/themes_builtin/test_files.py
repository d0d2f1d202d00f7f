"""The files of the built-in themes keep their promises: translated, nothing remote, small, readable colours."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from souk.web.language_prefix import NAMES
from tests.languages import assert_same
from tests.themes_builtin.catalog import HANDLES, PRESETS, TEMPLATES, files, looks, preset
from themes.builtin_files import BUILTIN
from themes.drops.listing import SORTS
from themes.theme import load_builtin
from themes.validate import check

SOURCES = sorted(path for path in BUILTIN.rglob("*") if path.is_file())
SVG = "http://www.w3.org/2000/svg"
KEY = re.compile(r"'([a-z_0-9]+(?:\.[a-z_0-9-]+)+)'\s*\|\s*t\b")


def _flat(data: dict[str, Any], prefix: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in data.items():
        found |= _flat(value, f"{prefix}{key}.") if isinstance(value, dict) else {f"{prefix}{key}": value}
    return found


def _texts(handle: str, locale: str) -> dict[str, str]:
    return _flat(json.loads(files(handle)[f"locales/{locale}.json"]))


def _base(key: str) -> str:
    return re.sub(r"\.(zero|one|two|few|many|other)$", "", key)


def _used(handle: str) -> set[str]:
    pages = [content.decode() for path, content in files(handle).items() if path.endswith(".html")]
    return {key for text in pages for key in KEY.findall(text)}


@pytest.mark.parametrize("handle", HANDLES)
def test_the_validator_has_nothing_to_say(handle: str) -> None:
    assert check(files(handle)) == []


@pytest.mark.parametrize("handle", HANDLES)
def test_every_text_that_is_asked_for_exists(handle: str) -> None:
    known = {_base(key) for key in _texts(handle, "en.default")}

    orders = {f"sort.{value}" for value, _name in SORTS}
    assert len(_used(handle)) > 80
    assert (_used(handle) | orders) - known == set()


def test_no_translation_is_left_over() -> None:
    known = {_base(key) for handle in HANDLES for key in _texts(handle, "en.default") if not key.startswith("sort.")}

    assert known - {key for handle in HANDLES for key in _used(handle)} == set()


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(BUILTIN)))
def test_names_no_remote_address(path: Path) -> None:
    text = path.read_text().replace(SVG, "")

    assert re.findall(r"(?:https?:)?//[a-z0-9-]+\.[a-z]", text) == []


@pytest.mark.parametrize("handle", HANDLES)
def test_assets_stay_light(handle: str) -> None:
    sizes = {path: len(content) for path, content in files(handle).items() if path.startswith("assets/")}

    assert sizes["assets/theme.css"] < 56 * 1024
    assert sizes["assets/swatches.css"] < 3 * 1024
    assert sum(size for path, size in sizes.items() if path.endswith(".js")) < 26 * 1024


@pytest.mark.parametrize("handle", HANDLES)
def test_every_required_template_exists(handle: str) -> None:
    manifest = json.loads(files(handle)["theme.json"])

    assert set(manifest["templates_required"]) == set(TEMPLATES)
    assert set(manifest["presets"]) == {name for name, (owner, _) in looks().items() if owner == handle}
    assert {f"templates/{name}.json" for name in TEMPLATES} <= files(handle).keys()


def _declared(handle: str) -> dict[str, dict[str, Any]]:
    groups = json.loads(files(handle)["config/settings_schema.json"])
    return {item["id"]: item for group in groups for item in group["settings"] if "id" in item}


@pytest.mark.parametrize("name", PRESETS)
def test_presets_hold_declared_values_only(name: str) -> None:
    declared = _declared(looks()[name][0])

    for key, value in preset(name).items():
        setting = declared[key]
        if setting["type"] == "select":
            assert value in [option["value"] for option in setting["options"]]
        if setting["type"] == "range":
            assert setting["min"] <= value <= setting["max"]
            assert (value - setting["min"]) % setting["step"] == 0


def _luminance(color: str) -> float:
    channels = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "soft", "dark", "accent"])
@pytest.mark.parametrize("name", PRESETS)
def test_colours_are_readable(name: str, scheme: str) -> None:
    colors = preset(name)

    background = colors[f"{scheme}_background"]
    assert contrast(colors[f"{scheme}_text"], background) >= 4.5
    assert contrast(colors[f"{scheme}_accent"], background) >= 4.5
    assert contrast(colors[f"{scheme}_button_text"], colors[f"{scheme}_button"]) >= 4.5
    assert contrast("#ffffff", colors["sale_color"]) >= 4.5


def test_presets_look_different() -> None:
    first, second = preset("Bazaar"), preset("Atelier")

    changed = {key for key in first if first[key] != second[key]}
    assert {"font_heading", "light_background", "radius", "header_layout", "gallery_layout"} <= changed


@pytest.mark.parametrize("handle", HANDLES)
def test_every_language_says_the_same_in_the_same_places(handle: str) -> None:
    texts = load_builtin(handle).translations

    assert texts.default == "en"
    assert_same(texts, NAMES)
