"""Rules on the files as such: names, sizes, kinds, and what every theme must have."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from themes.assets import active_part
from themes.files import FOLDERS
from themes.validation.finding import Inspection

KB = 1024
MB = 1024 * KB
MAX_FILES = 1_500
MAX_TOTAL = 200 * MB
MAX_ASSET = 20 * MB
MAX_CODE = 256 * KB
MAX_TEMPLATE_JSON = 512 * KB
MAX_DATA_JSON = 1536 * KB
REQUIRED = ("theme.json", "layout/theme.html", "config/settings_schema.json", "config/settings_data.json")
TEMPLATES = ("index", "product", "collection", "list-collections", "search", "cart", "page", "404", "password")
_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9._-]{0,99}")
_ENDINGS = {
    "blocks": (".html",), "config": (".json",), "layout": (".html",), "locales": (".json",),
    "sections": (".html", ".json"), "snippets": (".html",), "templates": (".json",),
}  # fmt: skip
# What a kind of asset begins with: a name can say anything, the content cannot.
_MAGIC: dict[str, tuple[bytes, ...]] = {
    ".png": (b"\x89PNG\r\n\x1a\n",), ".jpg": (b"\xff\xd8\xff",), ".jpeg": (b"\xff\xd8\xff",), ".gif": (b"GIF8",),
    ".webp": (b"RIFF",), ".woff": (b"wOFF",), ".woff2": (b"wOF2",), ".ico": (b"\x00\x00\x01\x00",),
    ".avif": (b"\x00\x00\x00",),
    ".css": (), ".js": (), ".mjs": (), ".svg": (), ".json": (), ".txt": (), ".map": (),
}  # fmt: skip
_TEXTS = (".html", ".json", ".css", ".js", ".mjs", ".svg", ".txt", ".map")


def check_names(theme: Inspection) -> None:
    if len(theme.files) > MAX_FILES:
        theme.error("theme.json", 1, "too-many-files", f"A theme has at most {MAX_FILES} files; remove some.")
    if sum(map(len, theme.files.values())) > MAX_TOTAL:
        theme.error(
            "theme.json", 1, "theme-size", f"A theme has at most {MAX_TOTAL // MB} MB; make its assets smaller."
        )
    for path in sorted(theme.files):
        if _is_placed(theme, path):
            _check_size(theme, path)
            _check_content(theme, path)
    _check_required(theme)


def _check_required(theme: Inspection) -> None:
    for path in REQUIRED:
        if path not in theme.files:
            theme.error(path, 1, "missing-file", f"A theme needs {path}; add it.")
    for name in TEMPLATES:
        if f"templates/{name}.json" not in theme.files:
            theme.error(
                f"templates/{name}.json", 1, "missing-template", f"The page {name} has no template; add this file."
            )


def _is_placed(theme: Inspection, path: str) -> bool:
    if path == "theme.json":
        return True
    folder, _, name = path.partition("/")
    if folder not in FOLDERS or "/" in name:
        theme.error(path, 1, "file-place", f"Files stand in {', '.join(FOLDERS)}, without folders below; move it.")
        return False
    if not _NAME.fullmatch(name) or ".." in name:
        theme.error(path, 1, "file-name", "A name has letters, digits, dots, dashes and underscores; rename it.")
        return False
    allowed = _ENDINGS.get(folder, tuple(_MAGIC))
    if not name.lower().endswith(allowed):
        theme.error(path, 1, "file-kind", f"{folder}/ holds {', '.join(allowed)} only; move or remove it.")
        return False
    return True


def size_limit(path: str) -> int:
    if path.startswith("assets/"):
        return MAX_ASSET
    if path.startswith("locales/") or path == "config/settings_data.json":
        return MAX_DATA_JSON
    return MAX_TEMPLATE_JSON if path.endswith(".json") and path != "theme.json" else MAX_CODE


def _check_size(theme: Inspection, path: str) -> None:
    size, limit = len(theme.files[path]), size_limit(path)
    if size > limit:
        message = f"It has {size // KB} KB and may have {limit // KB} KB; split it or make it smaller."
        theme.error(path, 1, "file-size", message)


def _check_content(theme: Inspection, path: str) -> None:
    content, ending = theme.files[path], PurePosixPath(path).suffix.lower()
    if ending in _TEXTS:
        try:
            content.decode()
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            theme.error(path, line, "encoding", "It is not UTF-8; save it in that encoding.")
    elif not content.startswith(_MAGIC[ending]):
        theme.error(path, 1, "file-content", f"Its content is no {ending[1:]}; convert it or give it its right name.")
    active = active_part(content) if ending == ".svg" else None
    if active is not None:
        line = content.count(b"\n", 0, active.start()) + 1
        theme.error(path, line, "svg-active", f"The picture holds active content ({active[0].decode()!r}); remove it.")
