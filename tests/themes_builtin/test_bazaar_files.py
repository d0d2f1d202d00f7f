"""The files of Bazaar keep their promises: complete translations, nothing remote, small, readable colours."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.themes_builtin.catalog import PRESETS, ROOT, TEMPLATES, preset
from themes.drops.listing import SORTS

FILES = sorted(path for path in ROOT.rglob("*") if path.is_file())
SVG = "http://www.w3.org/2000/svg"
KEY = re.compile(r"'([a-z_0-9]+(?:\.[a-z_0-9-]+)+)'\s*\|\s*t\b")


def _flat(data: dict[str, Any], prefix: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in data.items():
        found |= _flat(value, f"{prefix}{key}.") if isinstance(value, dict) else {f"{prefix}{key}": value}
    return found


def _texts(locale: str) -> dict[str, str]:
    return _flat(json.loads((ROOT / f"locales/{locale}.json").read_text()))


def _base(key: str) -> str:
    return re.sub(r"\.(one|other)$", "", key)


def _used() -> set[str]:
    return {key for path in ROOT.rglob("*.html") for key in KEY.findall(path.read_text())}


@pytest.mark.parametrize("locale", ["en.default", "de"])
def test_every_text_is_translated(locale: str) -> None:
    known = {_base(key) for key in _texts(locale)}

    orders = {f"sort.{value}" for value, _name in SORTS}
    assert len(_used()) > 80
    assert (_used() | orders) - known == set()


def test_no_translation_is_left_over() -> None:
    known = {_base(key) for key in _texts("en.default") if not key.startswith("sort.")}

    assert known - _used() == set()


def test_translations_agree_on_keys_and_placeholders() -> None:
    english, german = _texts("en.default"), _texts("de")

    marks = re.compile(r"\{\{ (\w+) \}\}")
    assert english.keys() == german.keys()
    assert {key: sorted(marks.findall(text)) for key, text in english.items()} == {
        key: sorted(marks.findall(text)) for key, text in german.items()
    }


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_names_no_remote_address(path: Path) -> None:
    text = path.read_text().replace(SVG, "")

    assert re.findall(r"(?:https?:)?//[a-z0-9-]+\.[a-z]", text) == []


def test_assets_stay_light() -> None:
    style = (ROOT / "assets/theme.css").stat().st_size
    colours = (ROOT / "assets/swatches.css").stat().st_size
    scripts = sum(path.stat().st_size for path in (ROOT / "assets").glob("*.js"))

    assert style < 45 * 1024
    assert colours < 3 * 1024
    assert scripts < 20 * 1024


def test_every_required_template_and_section_exists() -> None:
    manifest = json.loads((ROOT / "theme.json").read_text())

    types = {
        section["type"]
        for path in [*ROOT.glob("templates/*.json"), *ROOT.glob("sections/*.json")]
        for section in json.loads(path.read_text())["sections"].values()
    }
    assert set(manifest["templates_required"]) == set(TEMPLATES)
    assert {path.stem for path in ROOT.glob("templates/*.json")} == set(TEMPLATES)
    assert types <= {path.stem for path in ROOT.glob("sections/*.html")}


def _declared() -> dict[str, dict[str, Any]]:
    groups = json.loads((ROOT / "config/settings_schema.json").read_text())
    return {item["id"]: item for group in groups for item in group["settings"] if "id" in item}


@pytest.mark.parametrize("name", PRESETS)
def test_presets_hold_declared_values_only(name: str) -> None:
    declared = _declared()

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
