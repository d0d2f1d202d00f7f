"""What a folder remembers of the shop that its theme came from, so that a push can tell what changed there since.

The file is hidden: no theme holds it, `check` and `package` leave it out.
"""

from __future__ import annotations

import json
from pathlib import Path

_FILE = ".souk-theme.json"


def remember(folder: Path, shop: str, theme_id: int, version: int) -> None:
    (folder / _FILE).write_text(json.dumps({"shop": shop, "theme": theme_id, "version": version}) + "\n")


def remembered(folder: Path, shop: str, theme_id: int | None) -> int | None:
    """Return the version of that theme which the folder holds; None for another theme, or where nobody knows."""
    try:
        known = json.loads((folder / _FILE).read_text())
    except (OSError, ValueError):
        return None
    same = isinstance(known, dict) and (known.get("shop"), known.get("theme")) == (shop, theme_id)
    return known.get("version") if same else None
