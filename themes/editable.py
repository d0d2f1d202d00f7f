"""What the editor must know of a theme: its schemas, its pages as they come, and the merchant's layer over them."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

from themes.apps import APP, installed
from themes.schema import load_json, objects
from themes.theme import Theme

_SCHEMA, _DATA = "config/settings_schema.json", "config/settings_data.json"


def editable(base: Theme) -> dict[str, Any]:
    """Return the part that only the theme's files decide; plain values, as JSON takes them.

    `pages` maps templates/<name>.json and sections/<group>.json to their content; `sections` and `blocks` map a type
    to its schema.
    """
    return {
        "settings_schema": objects(_json(base, _SCHEMA)),
        "base_settings": base.current,
        "presets": _presets(base),
        "pages": {path: _json(base, path) for path in sorted(base.files) if _is_page(path)},
        "sections": _schemas(base, "sections"),
        "blocks": _schemas(base, "blocks"),
    }


def editable_apps(used: Collection[str]) -> dict[str, Any]:
    """Return the blocks of installed apps by type: each schema with the `app` it is of, and whether that is `on`."""
    return {
        f"{APP}{app.id}/{name}": {**schema, "app": app.name, "app_id": app.id, "on": app.id in used}
        for app in installed()
        for name, schema in _schemas(app.theme, "blocks").items()
        if name in app.blocks()
    }


def _is_page(path: str) -> bool:
    return path.startswith(("templates/", "sections/")) and path.endswith(".json")


def _json(base: Theme, path: str) -> Any:
    return load_json(path, base.files[path]) if path in base.files else None


def _presets(base: Theme) -> Mapping[str, Any]:
    data = _json(base, _DATA)
    presets = data.get("presets") if isinstance(data, dict) else None
    return presets if isinstance(presets, dict) else {}


def _schemas(base: Theme, folder: str) -> dict[str, Any]:
    found = {}
    for path in sorted(base.files):
        if path.startswith(f"{folder}/") and path.endswith(".html"):
            schema = json.loads(base.file(path).raw.get("schema") or "{}")
            found[path.removeprefix(f"{folder}/").removesuffix(".html")] = schema
    return found
