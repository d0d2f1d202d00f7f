"""Rules on what `{% schema %}` and settings_schema.json declare."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from themes.schema import MAX_BLOCKS, objects
from themes.sections import TAGS as WRAPPERS
from themes.setting_types import declaration_problems
from themes.tags.raw import Parts
from themes.validation.code import Codes
from themes.validation.finding import Inspection, Located, mapping

MAX_SETTINGS = 40
_FOLDERS = ("sections/", "blocks/")
_SECTION_KEYS = frozenset(
    {
        "name",
        "tag",
        "class",
        "limit",
        "settings",
        "blocks",
        "max_blocks",
        "presets",
        "default",
        "enabled_on",
        "disabled_on",
    }
)
_BLOCK_KEYS = frozenset({"type", "name", "limit", "settings"})
_OPEN_BLOCKS = ("@theme", "@app")


def check_schemas(theme: Inspection, codes: Codes) -> dict[str, Mapping[str, Any]]:
    """Report on every schema; return those that can be read, by path."""
    found: dict[str, Mapping[str, Any]] = {}
    for path, parts in codes.parts.items():
        if path.startswith(_FOLDERS):
            found |= _check(theme, path, parts) if "schema" in parts.raw else {path: {}}
            if "schema" not in parts.raw:
                theme.warn(path, 1, "schema", "The file has no {% schema %}; add one, so that the editor can name it.")
        elif "schema" in parts.raw:
            theme.error(path, parts.lines["schema"], "schema", "Only sections and blocks have a schema; remove it.")
    _check_global(theme)
    return found


def _check(theme: Inspection, path: str, parts: Parts) -> dict[str, Mapping[str, Any]]:
    document = theme.located(path, parts.raw["schema"], parts.lines["schema"])
    if document is None:
        return {}
    data = document.data
    if not isinstance(data, dict):
        theme.error(path, document.line(), "schema", "A schema is a JSON object; write it so.")
        return {}
    _check_head(theme, path, document, data)
    _check_settings(theme, path, document, data.get("settings"), ("settings",))
    _check_blocks(theme, path, document, data.get("blocks"))
    _check_presets(theme, path, document, data)
    return {path: data}


def _check_head(theme: Inspection, path: str, document: Located, data: Mapping[str, Any]) -> None:
    for key in sorted(data.keys() - _SECTION_KEYS):
        theme.error(path, document.line(key), "schema", f"The key {key!r} means nothing in a schema; remove it.")
    if not isinstance(data.get("name"), str) or not data.get("name"):
        theme.error(path, document.line(), "schema", "A schema needs a `name`, which the editor shows; add it.")
    if data.get("tag", "div") not in WRAPPERS:
        theme.error(path, document.line("tag"), "schema", f"`tag` is one of {', '.join(sorted(WRAPPERS))}; choose one.")
    limits = (("limit", 2), ("max_blocks", MAX_BLOCKS))
    for key, most in limits:
        value = data.get(key, 1)
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
            theme.error(path, document.line(key), "schema", f"`{key}` is a number from 1 to {most}; correct it.")


def _check_settings(theme: Inspection, path: str, document: Located, settings: Any, at: tuple[str | int, ...]) -> None:
    if settings is None:
        return
    if not isinstance(settings, list):
        theme.error(path, document.line(*at), "schema", "`settings` is a list; write it so.")
        return
    seen: set[str] = set()
    for index, setting in enumerate(settings):
        line = document.line(*at, index)
        for problem in declaration_problems(setting):
            theme.error(path, line, "setting", problem)
        name = mapping(setting).get("id")
        if isinstance(name, str) and name in seen:
            theme.error(path, line, "setting-id", f"The id {name!r} is used twice; rename one.")
        elif isinstance(name, str):
            seen.add(name)
    if len(seen) > MAX_SETTINGS:
        theme.warn(
            path,
            document.line(*at),
            "many-settings",
            f"More than {MAX_SETTINGS} settings confuse merchants; remove some.",
        )


def _check_blocks(theme: Inspection, path: str, document: Located, blocks: Any) -> None:
    if blocks is None:
        return
    if not isinstance(blocks, list):
        theme.error(path, document.line("blocks"), "schema", "`blocks` is a list; write it so.")
        return
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        line, kind = document.line("blocks", index), mapping(block).get("type")
        if not isinstance(kind, str) or not kind:
            theme.error(path, line, "schema", "A block is an object with a `type`; add it.")
            continue
        if kind in seen:
            theme.error(path, line, "block-type", f"The block type {kind!r} is declared twice; remove one.")
        seen.add(kind)
        _check_block(theme, path, document, index, block)


def _check_block(theme: Inspection, path: str, document: Located, index: int, block: Mapping[str, Any]) -> None:
    line, kind = document.line("blocks", index), block["type"]
    if kind.startswith("@"):
        if kind not in _OPEN_BLOCKS:
            theme.error(path, line, "block-type", f"There is no {kind!r}; use {' or '.join(_OPEN_BLOCKS)}.")
        return
    for key in sorted(block.keys() - _BLOCK_KEYS):
        theme.error(path, line, "schema", f"The key {key!r} means nothing in a block; remove it.")
    if "name" not in block and f"blocks/{kind}.html" not in theme.files:
        theme.error(
            path, line, "block-type", f"The block {kind!r} needs a `name`, or a file blocks/{kind}.html; add it."
        )
    _check_settings(theme, path, document, block.get("settings"), ("blocks", index, "settings"))


def _check_presets(theme: Inspection, path: str, document: Located, data: Mapping[str, Any]) -> None:
    presets = data.get("presets")
    for index, preset in enumerate(objects(presets)):
        if not isinstance(preset.get("name"), str):
            theme.error(path, document.line("presets", index), "schema", "A preset needs a `name`; add it.")
    if presets is not None and not isinstance(presets, list):
        theme.error(path, document.line("presets"), "schema", "`presets` is a list; write it so.")


def _check_global(theme: Inspection) -> None:
    path = "config/settings_schema.json"
    document = theme.document(path)
    if document is None:
        return
    if not isinstance(document.data, list):
        theme.error(path, 1, "schema", "settings_schema.json is a list of groups; write it so.")
        return
    seen: set[str] = set()
    for index, group in enumerate(document.data):
        _check_settings(theme, path, document, mapping(group).get("settings"), (index, "settings"))
        for place, setting in enumerate(objects(mapping(group).get("settings"))):
            name = setting.get("id")
            if isinstance(name, str) and name in seen:
                line = document.line(index, "settings", place)
                theme.error(path, line, "setting-id", f"The id {name!r} is used in another group; rename one.")
        seen |= {str(setting.get("id")) for setting in objects(mapping(group).get("settings"))}
