"""Rules on stored JSON: templates, section groups and settings_data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from themes.apps import APP, schema_of_app_block
from themes.dynamic import source_of
from themes.sandbox.grammar import near
from themes.schema import (
    MAX_BLOCK_DEPTH,
    MAX_BLOCKS,
    MAX_SECTIONS,
    MAX_TEMPLATE_BLOCKS,
    Settings,
    grouped,
    objects,
    settings_of,
)
from themes.setting_types import SETTING_TYPES
from themes.validation.finding import Inspection, Located, mapping

Schemas = Mapping[str, Mapping[str, Any]]
_TEMPLATE_KEYS = frozenset({"layout", "name", "sections", "order", "$schema"})
_GROUP_KEYS = frozenset({"type", "name", "sections", "order", "$schema"})
_SECTION_KEYS = frozenset({"type", "name", "settings", "blocks", "block_order", "disabled"})


def check_pages(theme: Inspection, schemas: Schemas) -> None:
    for path in theme.below("templates", ".json"):
        _check(theme, path, schemas, _TEMPLATE_KEYS)
    for path in theme.below("sections", ".json"):
        _check(theme, path, schemas, _GROUP_KEYS)
    _check_data(theme, schemas)


def _check(theme: Inspection, path: str, schemas: Schemas, keys: frozenset[str]) -> None:
    document = theme.document(path)
    if document is None:
        return
    data = document.data
    if not isinstance(data, dict) or not isinstance(data.get("sections"), dict):
        theme.error(path, 1, "template", "It needs an object `sections` and a list `order`; write them.")
        return
    for key in sorted(data.keys() - keys):
        theme.error(path, document.line(key), "template", f"The key {key!r} means nothing here; remove it.")
    layout = data.get("layout")
    if layout is not None and f"layout/{layout}.html" not in theme.files:
        theme.error(
            path,
            document.line("layout"),
            "missing-layout",
            f"There is no layout/{layout}.html; add it or correct the name.",
        )
    _check_order(theme, path, document, ("order",), data.get("order"), data["sections"])
    if len(data["sections"]) > MAX_SECTIONS:
        theme.error(
            path,
            document.line("sections"),
            "too-many-sections",
            f"A template has at most {MAX_SECTIONS} sections; remove some.",
        )
    for name, section in data["sections"].items():
        _check_section(theme, path, document, ("sections", name), section, schemas)
    blocks = sum(1 for _ in _all_blocks(data["sections"]))
    if blocks > MAX_TEMPLATE_BLOCKS:
        theme.error(path, 1, "too-many-blocks", f"A template has at most {MAX_TEMPLATE_BLOCKS} blocks; remove some.")


def _all_blocks(entries: Mapping[str, Any], depth: int = 0) -> Iterator[Any]:
    for entry in entries.values():
        inner = mapping(mapping(entry).get("blocks"))
        if depth <= MAX_BLOCK_DEPTH:
            yield from inner.values()
            yield from _all_blocks(inner, depth + 1)


def _check_order(
    theme: Inspection, path: str, document: Located, at: tuple[str, ...], order: Any, entries: Mapping[str, Any]
) -> None:
    line = document.line(*at)
    if order is None:
        return
    if not isinstance(order, list) or not all(isinstance(key, str) for key in order):
        theme.error(path, line, "order", f"`{at[-1]}` is a list of names; write it so.")
        return
    for key in order:
        if key not in entries:
            theme.error(
                path, line, "order", f"`{at[-1]}` names {key!r}, which does not exist{near(key, entries)}; correct it."
            )
    if len(set(order)) != len(order):
        theme.error(path, line, "order", f"`{at[-1]}` names an entry twice; remove one.")
    for key in sorted(entries.keys() - set(order)):
        theme.warn(path, line, "order", f"{key!r} stands in no order and is never shown; add or remove it.")


def _check_section(
    theme: Inspection, path: str, document: Located, at: tuple[str, ...], entry: Any, schemas: Schemas
) -> None:
    kind = mapping(entry).get("type")
    file = f"sections/{kind}.html"
    if not isinstance(kind, str) or file not in theme.files:
        theme.error(
            path,
            document.line(*at),
            "missing-section",
            f"There is no {file}{near(file, theme.files)}; add it or correct the type.",
        )
        return
    for key in sorted(entry.keys() - _SECTION_KEYS):
        theme.error(
            path, document.line(*at, key), "template", f"The key {key!r} means nothing in a section; remove it."
        )
    schema = schemas.get(file)
    if schema is None:
        return  # it cannot be read, which is a finding of its own
    check_values(theme, path, document, (*at, "settings"), entry.get("settings"), settings_of(schema.get("settings")))
    _check_blocks(theme, path, document, at, entry, schema, schemas)


def _check_blocks(
    theme: Inspection, path: str, document: Located, at: tuple[str, ...], entry: Mapping[str, Any],
    schema: Mapping[str, Any], schemas: Schemas,
) -> None:  # fmt: skip
    blocks = mapping(entry.get("blocks"))
    most = schema.get("max_blocks", MAX_BLOCKS)
    if len(blocks) > (most if isinstance(most, int) else MAX_BLOCKS):
        theme.error(
            path, document.line(*at, "blocks"), "too-many-blocks", f"This holds at most {most} blocks; remove some."
        )
    if at.count("blocks") >= MAX_BLOCK_DEPTH and blocks:
        theme.error(
            path,
            document.line(*at, "blocks"),
            "block-depth",
            f"Blocks nest at most {MAX_BLOCK_DEPTH} deep; flatten them.",
        )
        return
    _check_order(theme, path, document, (*at, "block_order"), entry.get("block_order"), blocks)
    for name, block in blocks.items():
        _check_block(theme, path, document, (*at, "blocks", name), block, schema, schemas)


def _check_block(
    theme: Inspection, path: str, document: Located, at: tuple[str, ...], block: Any,
    schema: Mapping[str, Any], schemas: Schemas,
) -> None:  # fmt: skip
    kind = mapping(block).get("type")
    declared = {str(item.get("type")): item for item in objects(schema.get("blocks"))}
    file = f"blocks/{kind}.html"
    if not isinstance(kind, str) or not _is_allowed(theme, kind, declared):
        hint = near(str(kind), declared)
        message = f"This place takes no block {kind!r}{hint}; declare it in the schema or correct the type."
        theme.error(path, document.line(*at), "block-type", message)
        return
    if kind.startswith(APP):
        of_app = schema_of_app_block(kind)
        if of_app is not None:
            check_values(theme, path, document, (*at, "settings"), block.get("settings"), of_app.settings)
        return
    own = declared.get(kind, {}).get("settings") or schemas.get(file, {}).get("settings")
    check_values(theme, path, document, (*at, "settings"), block.get("settings"), settings_of(own))
    _check_blocks(theme, path, document, at, block, schemas.get(file, {}), schemas)


def _is_allowed(theme: Inspection, kind: str, declared: Mapping[str, Any]) -> bool:
    if kind.startswith(APP):
        return "@app" in declared
    return kind in declared or ("@theme" in declared and f"blocks/{kind}.html" in theme.files)


def check_values(
    theme: Inspection, path: str, document: Located, at: tuple[str, ...], values: Any, declared: Settings
) -> None:
    """Report values of settings that are unknown or do not fit their declaration."""
    if values is None:
        return
    if not isinstance(values, dict):
        theme.error(path, document.line(*at), "setting-value", "`settings` is an object; write it so.")
        return
    for name, value in values.items():
        line, setting = document.line(*at, name), declared.get(name)
        if setting is None:
            theme.error(
                path,
                line,
                "unknown-setting",
                f"There is no setting {name!r}{near(name, declared)}; declare or remove it.",
            )
            continue
        why = None if value is None or source_of(value) else SETTING_TYPES[setting["type"]].misfit(setting, value)
        if why:
            theme.error(path, line, "setting-value", f"The value of {name!r} does not fit: {why}.")


def _check_data(theme: Inspection, schemas: Schemas) -> None:
    path = "config/settings_data.json"
    document, schema = theme.document(path), theme.document("config/settings_schema.json")
    if document is None:
        return
    data = mapping(document.data)
    presets = mapping(data.get("presets"))
    _check_current(theme, document, data, presets)
    declared = grouped(schema.data if schema else None)
    sets = [(("presets", name), values) for name, values in presets.items()]
    for at, values in [*sets, (("current",), data.get("current"))]:
        if isinstance(values, dict):
            own = {key: value for key, value in values.items() if key not in ("sections", "color_schemes")}
            check_values(theme, path, document, at, own, declared)
            for name, section in mapping(values.get("sections")).items():
                entry = {"type": name, **mapping(section)}
                _check_section(theme, path, document, (*at, "sections", name), entry, schemas)


def _check_current(theme: Inspection, document: Located, data: Mapping[str, Any], presets: Mapping[str, Any]) -> None:
    path = "config/settings_data.json"
    if isinstance(data.get("current"), str):
        if data["current"] not in presets:
            theme.error(
                path,
                document.line("current"),
                "settings-data",
                f"There is no preset {data['current']!r}; correct `current`.",
            )
    elif not isinstance(data.get("current"), dict):
        theme.error(
            path, document.line("current"), "settings-data", "`current` is a preset's name or an object; write it so."
        )
