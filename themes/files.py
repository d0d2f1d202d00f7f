"""A theme's files in memory, by path, with the hash of each content."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

FOLDERS = ("assets", "blocks", "config", "layout", "locales", "sections", "snippets", "templates")
ThemeFiles = Mapping[str, bytes]


def read_folder(folder: Path) -> dict[str, bytes]:
    """Read theme.json and the known folders below `folder`; hidden files are left out."""
    paths = [folder / "theme.json", *(path for name in FOLDERS for path in sorted((folder / name).glob("*")))]
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in paths
        if path.is_file() and not path.name.startswith(".")
    }


def read_all(folder: Path) -> dict[str, bytes]:
    """Read every file below `folder` except hidden ones, so that a check can name those in a wrong place."""
    found: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.is_file() and not path.is_symlink() and not any(part.startswith(".") for part in parts):
            found["/".join(parts)] = path.read_bytes()
    return found


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
