"""Section schemas, JSON templates and groups as typed values.

Reading is lenient, because a shop must stay open whatever stands in a stored file: entries that cannot be used are
left out, and counts are cut at the limits. The validator tells what was left out and why.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from themes.errors import ThemeFileInvalid
from themes.setting_types import SETTING_TYPES

MAX_SECTIONS = 25
MAX_BLOCKS = 50
MAX_TEMPLATE_BLOCKS = 1_250
MAX_BLOCK_DEPTH = 8
Settings = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Schema:
    """What `{% schema %}` declares; `settings` by id, block types by name."""

    name: str = ""
    tag: str = "div"
    css_class: str = ""
    settings: Settings = field(default_factory=dict)
    blocks: dict[str, Settings] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BlockDef:
    id: str
    type: str
    settings: dict[str, Any]
    blocks: tuple[BlockDef, ...] = ()


@dataclass(frozen=True, slots=True)
class SectionDef:
    """`mark` is the same for sections that were written with the same words, and for no others."""

    id: str
    type: str
    settings: dict[str, Any]
    blocks: tuple[BlockDef, ...] = ()
    mark: str = ""


@dataclass(frozen=True, slots=True)
class TemplateDef:
    layout: str
    sections: tuple[SectionDef, ...]


EMPTY_TEMPLATE = TemplateDef("theme", ())


def load_json(path: str, text: str | bytes, line: int = 1) -> Any:
    """Parse JSON; `line` is where the text begins in its file."""
    try:
        return json.loads(text)
    except RecursionError:
        raise ThemeFileInvalid(path, "its JSON is nested too deep; flatten it", line) from None
    except ValueError as error:
        at = getattr(error, "lineno", 1)
        raise ThemeFileInvalid(path, f"it is not valid JSON ({error}); correct it", line + at - 1) from None


def objects(items: Any) -> list[dict[str, Any]]:
    """Return the objects of a list, nothing of anything else."""
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def settings_of(items: Any) -> Settings:
    """Return the settings of a list that hold a value, by id."""
    return {
        item["id"]: item
        for item in objects(items)
        if isinstance(item.get("id"), str)
        and (kind := SETTING_TYPES.get(str(item.get("type")))) is not None
        and kind.has_value
    }


def grouped(groups: Any) -> Settings:
    """Return the settings of all groups of settings_schema.json."""
    found: Settings = {}
    for group in objects(groups):
        found |= settings_of(group.get("settings"))
    return found


def schema_of(path: str, text: str | None, line: int) -> Schema:
    data = load_json(path, text, line) if text and text.strip() else {}
    if not isinstance(data, dict):
        raise ThemeFileInvalid(path, "a schema is a JSON object", line)
    blocks = {
        str(block["type"]): settings_of(block.get("settings"))
        for block in objects(data.get("blocks"))
        if "type" in block
    }
    tag, css_class = str(data.get("tag") or "div"), str(data.get("class") or "")
    return Schema(str(data.get("name", "")), tag, css_class, settings_of(data.get("settings")), blocks)


def _entries(data: Mapping[str, Any], names: str, order: str, limit: int) -> list[tuple[str, dict[str, Any]]]:
    """Return the entries of `names` in their order that have a type and are not disabled."""
    entries = data.get(names)
    if not isinstance(entries, dict):
        return []
    listed = data.get(order)
    keys = listed if isinstance(listed, list) and listed else list(entries)
    found = [
        (key, entries[key]) for key in dict.fromkeys(key for key in keys if isinstance(key, str)) if key in entries
    ]
    able = [
        (key, entry)
        for key, entry in found
        if isinstance(entry, dict) and isinstance(entry.get("type"), str) and not entry.get("disabled")
    ]
    return able[:limit]


def _values(entry: Mapping[str, Any]) -> dict[str, Any]:
    values = entry.get("settings")
    return values if isinstance(values, dict) else {}


def _blocks(data: Mapping[str, Any], depth: int = 1) -> tuple[BlockDef, ...]:
    if depth > MAX_BLOCK_DEPTH:
        return ()
    return tuple(
        BlockDef(key, entry["type"], _values(entry), _blocks(entry, depth + 1))
        for key, entry in _entries(data, "blocks", "block_order", MAX_BLOCKS)
    )


def template_of(data: Any) -> TemplateDef:
    """Read a JSON template or a section group."""
    if not isinstance(data, dict):
        return EMPTY_TEMPLATE
    layout = data.get("layout")
    return TemplateDef(
        layout if isinstance(layout, str) and layout else "theme",
        tuple(
            SectionDef(key, entry["type"], _values(entry), _blocks(entry), _mark(key, entry))
            for key, entry in _entries(data, "sections", "order", MAX_SECTIONS)
        ),
    )


def _mark(section_id: str, entry: Any) -> str:
    return sha256(repr((section_id, entry)).encode(errors="surrogatepass")).hexdigest()
