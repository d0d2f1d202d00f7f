"""Section schemas, JSON templates and groups as typed values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from themes.errors import ThemeFileInvalid


@dataclass(frozen=True, slots=True)
class Schema:
    """What `{% schema %}` declares; `settings` by id, block types by name."""

    name: str = ""
    tag: str = "div"
    css_class: str = ""
    settings: dict[str, dict[str, Any]] = field(default_factory=dict)
    blocks: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BlockDef:
    id: str
    type: str
    settings: dict[str, Any]
    blocks: tuple[BlockDef, ...] = ()


@dataclass(frozen=True, slots=True)
class SectionDef:
    id: str
    type: str
    settings: dict[str, Any]
    blocks: tuple[BlockDef, ...] = ()


@dataclass(frozen=True, slots=True)
class TemplateDef:
    layout: str
    sections: tuple[SectionDef, ...]


def load_json(path: str, text: str | bytes, line: int = 1) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        at = getattr(error, "lineno", 1)
        raise ThemeFileInvalid(path, f"it is not valid JSON ({error}); correct it", line + at - 1) from None


def _settings(items: Any) -> dict[str, dict[str, Any]]:
    return {item["id"]: item for item in items or () if isinstance(item, dict) and "id" in item}


def schema_of(path: str, text: str | None, line: int) -> Schema:
    data = load_json(path, text, line) if text and text.strip() else {}
    if not isinstance(data, dict):
        raise ThemeFileInvalid(path, "a schema is a JSON object", line)
    blocks = {block["type"]: _settings(block.get("settings")) for block in data.get("blocks", ()) if "type" in block}
    settings = _settings(data.get("settings"))
    return Schema(str(data.get("name", "")), data.get("tag", "div"), data.get("class", ""), settings, blocks)


def _blocks(data: Mapping[str, Any]) -> tuple[BlockDef, ...]:
    blocks = data.get("blocks") or {}
    order = data.get("block_order") or list(blocks)
    found = ((key, blocks[key]) for key in order if key in blocks)
    return tuple(
        BlockDef(key, block["type"], block.get("settings") or {}, _blocks(block))
        for key, block in found
        if not block.get("disabled")
    )


def template_of(path: str, data: Any) -> TemplateDef:
    """Read a JSON template or a section group."""
    if not isinstance(data, dict) or not isinstance(data.get("sections"), dict):
        raise ThemeFileInvalid(path, "it needs an object `sections` and a list `order`")
    sections = data["sections"]
    order = data.get("order") or list(sections)
    found = ((key, sections[key]) for key in order if key in sections)
    defs = tuple(
        SectionDef(key, section["type"], section.get("settings") or {}, _blocks(section))
        for key, section in found
        if not section.get("disabled")
    )
    return TemplateDef(data.get("layout") or "theme", defs)
