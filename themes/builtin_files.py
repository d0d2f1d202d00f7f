"""The files of a built-in theme: its own over those that the built-in themes share.

What both themes say and do the same way stands once, in `builtin/base`. A file of the theme stands in the place of
the shared one, except where the two add up: a style sheet comes after the shared one of its name, the texts of
a locale are laid over the shared ones, and the groups of settings stand beside them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from themes.files import read_folder

BUILTIN = Path(__file__).parent / "builtin"
SHARED = BUILTIN / "base"
_SHEET = "assets/theme.css"
_LOOKS = frozenset({"Brand", "Colours", "Type"})


def builtin_handles() -> list[str]:
    """Return the names of the built-in themes, the one that new shops get first."""
    return sorted(path.parent.name for path in BUILTIN.glob("*/theme.json"))


def builtin_files(handle: str) -> dict[str, bytes]:
    """Return the complete files of a built-in theme, as merchants and developers see it."""
    files = read_folder(SHARED) | {_SHEET: shared_styles()}
    for path, content in read_folder(BUILTIN / handle).items():
        files[path] = _joined(path, files[path], content) if path in files else content
    return files


def shared_styles() -> bytes:
    """Return the shared style sheet; `builtin/base/styles` holds it by component, in the order of the cascade."""
    return b"".join(path.read_bytes() for path in sorted((SHARED / "styles").glob("*.css")))


def _joined(path: str, shared: bytes, own: bytes) -> bytes:
    if path.endswith(".css"):
        return shared + own
    if path.startswith("locales/"):
        return _dumped(_over(json.loads(shared), json.loads(own)))
    if path == "config/settings_schema.json":
        return _dumped(_in_order(json.loads(shared), json.loads(own)))
    return own


def _in_order(shared: list[dict[str, Any]], own: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Put the theme's own groups after those about its looks, before those about what it does."""
    looks = [group for group in shared if group["name"] in _LOOKS]
    return [*looks, *own, *(group for group in shared if group not in looks)]


def _dumped(content: Any) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def _over(shared: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    merged = dict(shared)
    for key, value in own.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = _over(merged[key], value) if both else value
    return merged
