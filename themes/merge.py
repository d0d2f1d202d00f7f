"""Writes a merchant's layer into a theme's files, so that what is pulled renders as the shop does."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from themes.files import ThemeFiles
from themes.theme import Theme

_DATA = "config/settings_data.json"


def with_changes(files: ThemeFiles, settings: Mapping[str, Any], templates: Mapping[str, Any]) -> dict[str, bytes]:
    """Return the files with `templates` in place of theirs and `settings` over the current values."""
    changed = dict(files)
    for path, data in templates.items():
        changed[path] = _json(data)
    if settings:
        data = json.loads(files[_DATA]) if _DATA in files else {}
        changed[_DATA] = _json({**data, "current": {**Theme("pulled", files).current, **settings}})
    return changed


def _json(data: Any) -> bytes:
    return (json.dumps(data, indent=2, ensure_ascii=False) + "\n").encode()
