"""The texts that a merchant typed into a theme's settings, sections and blocks, found and said in another language.

A translation is kept under the digest of its source, so that it follows a section that is moved, copied or shown by
another theme.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from souk.kernel.localized import digest_of
from themes.apps import schema_of_app_block
from themes.schema import Settings, load_json
from themes.theme import Theme

KINDS = frozenset(["text", "textarea", "inline_richtext", "richtext", "html"])
MARKUP = frozenset(["inline_richtext", "richtext", "html"])
Change = Callable[[str, str], str]
"""Takes (text, type of setting) and returns what stands in its place."""


def texts_of(theme: Theme) -> dict[str, tuple[str, bool]]:
    """Return (text, whether it is HTML) by digest, in the order of the pages."""
    found: dict[str, tuple[str, bool]] = {}

    def note(text: str, kind: str) -> str:
        found.setdefault(digest_of(text), (text, kind in MARKUP))
        return text

    _changed(theme, note)
    return found


def translated(theme: Theme, texts: Mapping[str, str]) -> Theme:
    """Return the theme with `texts`, translations by the digest of their source, in place of their sources."""
    settings, templates = _changed(theme, lambda text, _kind: texts.get(digest_of(text), text))
    return theme.sketch(settings, templates)


@lru_cache(maxsize=128)
def in_language(theme: Theme, texts: frozenset[tuple[str, str]]) -> Theme:
    """As `translated`, kept: for themes that are not made anew at each request."""
    return translated(theme, dict(texts))


def _changed(theme: Theme, change: Change) -> tuple[dict[str, Any], dict[str, Any]]:
    layer = theme.layer
    settings = {**(layer.get("settings") or {}), **_values(theme.declared, theme.current, change)}
    templates = dict(layer.get("templates") or {})
    for path in sorted({*templates, *(path for path in theme.files if _is_page(path))}):
        data = templates[path] if path in templates else load_json(path, theme.files[path])
        if isinstance(data, Mapping):
            templates[path] = {**data, "sections": dict(_entries(theme, data.get("sections"), "sections", change))}
    return settings, templates


def _is_page(path: str) -> bool:
    return path.startswith(("templates/", "sections/")) and path.endswith(".json")


def _entries(theme: Theme, entries: Any, folder: str, change: Change) -> Iterator[tuple[str, Any]]:
    for key, entry in entries.items() if isinstance(entries, Mapping) else ():
        path = f"{folder}/{entry.get('type')}.html" if isinstance(entry, Mapping) else ""
        schema = theme.file(path).schema if theme.has(path) else None
        if schema is None:
            yield key, entry
            continue
        changed = {**entry, "settings": _stored(entry) | _values(schema.settings, _stored(entry), change)}
        if "blocks" in entry:
            changed["blocks"] = dict(_blocks(theme, entry["blocks"], schema.blocks, change))
        yield key, changed


def _blocks(theme: Theme, blocks: Any, local: Mapping[str, Settings], change: Change) -> Iterator[tuple[str, Any]]:
    for key, block in blocks.items() if isinstance(blocks, Mapping) else ():
        if not isinstance(block, Mapping):
            yield key, block
        elif (of_app := schema_of_app_block(str(block.get("type")))) is not None:
            yield key, {**block, "settings": _stored(block) | _values(of_app.settings, _stored(block), change)}
        elif block.get("type") in local:
            yield key, {**block, "settings": _stored(block) | _values(local[block["type"]], _stored(block), change)}
        else:
            yield from _entries(theme, {key: block}, "blocks", change)


def _stored(entry: Mapping[str, Any]) -> dict[str, Any]:
    values = entry.get("settings")
    return dict(values) if isinstance(values, Mapping) else {}


def _values(declared: Settings, stored: Mapping[str, Any], change: Change) -> dict[str, Any]:
    """Return the texts among the settings, those that still have their default too."""
    found = {}
    for name, setting in declared.items():
        text = stored.get(name, setting.get("default"))
        if setting["type"] in KINDS and isinstance(text, str) and text.strip():
            found[name] = change(text, setting["type"])
    return found
