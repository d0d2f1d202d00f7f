"""A readable difference between two states of a theme: settings by their labels, sections by name, code by line."""

from __future__ import annotations

import difflib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from themes.files import ThemeFiles
from themes.schema import objects
from themes.tags.raw import split

MAX_FILES = 60
MAX_LINES = 400
MAX_VALUE = 200
_DATA, _SCHEMA = "config/settings_data.json", "config/settings_schema.json"


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the difference; `before` and `after` are texts, empty where there is nothing."""

    what: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """What changed on one template or group."""

    name: str
    changes: list[Change]


@dataclass(frozen=True, slots=True)
class FileChange:
    """`kind`: added, removed or changed; `lines` of a unified diff, `cut` when there are more."""

    path: str
    kind: str
    lines: list[str] = field(default_factory=list)
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    settings: list[Change]
    pages: list[Page]
    files: list[FileChange]
    more_files: int = 0

    def __bool__(self) -> bool:
        return bool(self.settings or self.pages or self.files)


def difference(before: ThemeFiles, after: ThemeFiles) -> Difference:
    """Compare whole themes, each with the merchant's layer written into its files (`themes.release.files_of`)."""
    pages = [page for path in sorted(before.keys() | after.keys()) if (page := _page(path, before, after))]
    changed = [path for path in sorted(before.keys() | after.keys()) if _is_code(path)]
    changed = [path for path in changed if before.get(path) != after.get(path)]
    files = [_file(path, before.get(path), after.get(path)) for path in changed[:MAX_FILES]]
    return Difference(_settings(before, after), pages, files, max(len(changed) - MAX_FILES, 0))


def _is_page(path: str) -> bool:
    return path.startswith(("templates/", "sections/")) and path.endswith(".json")


def _is_code(path: str) -> bool:
    return not _is_page(path) and path != _DATA


def _json(files: ThemeFiles, path: str) -> Any:
    try:
        return json.loads(files[path]) if path in files else None
    except (ValueError, RecursionError):
        return None


def _settings(before: ThemeFiles, after: ThemeFiles) -> list[Change]:
    labels = _told_apart(_json(before, _SCHEMA)) | _told_apart(_json(after, _SCHEMA))
    return list(_values(_current(before), _current(after), labels))


def _told_apart(schema: Any) -> dict[str, str]:
    """Return the labels by id; one that several settings have stands behind the heading above it, as in the editor."""
    found: list[tuple[str, str, str]] = []
    for group in objects(schema):
        heading = str(group.get("name", ""))
        for setting in objects(group.get("settings")):
            heading = str(setting.get("content", "")) if setting.get("type") == "header" else heading
            found += [(name, label, heading) for name, label in _labels([setting]).items()]
    often = Counter(label for _, label, _ in found)
    return {name: f"{heading} · {label}" if often[label] > 1 and heading else label for name, label, heading in found}


def _current(files: ThemeFiles) -> Mapping[str, Any]:
    data = _json(files, _DATA)
    current = data.get("current") if isinstance(data, dict) else None
    if isinstance(current, str):
        current = (data.get("presets") or {}).get(current)
    return current if isinstance(current, dict) else {}


def _labels(settings: list[dict[str, Any]]) -> dict[str, str]:
    return {str(each["id"]): str(each.get("label") or each["id"]) for each in settings if "id" in each}


def _values(
    before: Mapping[str, Any], after: Mapping[str, Any], labels: Mapping[str, str], where: str = ""
) -> Iterator[Change]:
    for name in [*before, *(name for name in after if name not in before)]:
        if before.get(name) != after.get(name):
            yield Change(f"{where}{labels.get(name, name)}", _text(before.get(name)), _text(after.get(name)))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "on" if value else "off"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= MAX_VALUE else f"{text[:MAX_VALUE]} …"


def _page(path: str, before: ThemeFiles, after: ThemeFiles) -> Page | None:
    if not _is_page(path) or before.get(path) == after.get(path):
        return None
    old, new = _json(before, path), _json(after, path)
    if old is None or new is None:
        return Page(path, [Change("The page was added" if old is None else "The page was removed")])
    changes = list(_entries(old, new, ("sections", "order"), (before, after), "sections"))
    return Page(path, changes) if changes else None


def _entries(
    old: Mapping[str, Any], new: Mapping[str, Any], keys: tuple[str, str], files: tuple[ThemeFiles, ThemeFiles],
    folder: str, where: str = "",
) -> Iterator[Change]:  # fmt: skip
    """Tell what happened to the sections of a page, or to the blocks of a section, in the order of the new one."""
    past, now = _dict(old.get(keys[0])), _dict(new.get(keys[0]))
    for name in [*now, *(name for name in past if name not in now)]:
        entry = now.get(name) or past.get(name)
        title = f"{where}{_title(files, folder, entry, where)}"
        if name not in past or name not in now:
            yield Change(f"{title} was {'added' if name not in past else 'removed'}")
        elif past[name] != now[name]:
            yield from _entry(past[name], now[name], files, folder, title)
    if _moved(old.get(keys[1]), new.get(keys[1])):
        yield Change(f"{where}The order was changed")


def _entry(old: Any, new: Any, files: tuple[ThemeFiles, ThemeFiles], folder: str, title: str) -> Iterator[Change]:
    old, new = _dict(old), _dict(new)
    if bool(old.get("disabled")) != bool(new.get("disabled")):
        yield Change(f"{title} was {'hidden' if new.get('disabled') else 'shown again'}")
    schema = _schema(files, folder, str(new.get("type")))
    labels = _labels(objects(schema.get("settings")))
    yield from _values(_dict(old.get("settings")), _dict(new.get("settings")), labels, f"{title} · ")
    yield from _entries(old, new, ("blocks", "block_order"), files, "blocks", f"{title} · ")


def _moved(old: Any, new: Any) -> bool:
    past, now = (each if isinstance(each, list) else [] for each in (old, new))
    return [name for name in past if name in now] != [name for name in now if name in past]


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _schema(files: tuple[ThemeFiles, ThemeFiles], folder: str, kind: str) -> dict[str, Any]:
    path = f"{folder}/{kind}.html"
    source = files[1].get(path) or files[0].get(path)
    if source is None:
        return {}
    try:
        return _dict(json.loads(split(source.decode(errors="replace")).raw.get("schema", "{}")))
    except (ValueError, RecursionError):
        return {}


def _title(files: tuple[ThemeFiles, ThemeFiles], folder: str, entry: Any, _where: str) -> str:
    kind = str(_dict(entry).get("type"))
    return str(_dict(entry).get("name") or _schema(files, folder, kind).get("name") or kind)


def _file(path: str, before: bytes | None, after: bytes | None) -> FileChange:
    kind = "added" if before is None else "removed" if after is None else "changed"
    try:
        old, new = ((each or b"").decode().splitlines() for each in (before, after))
    except UnicodeDecodeError:
        return FileChange(path, kind)
    lines = [line for line in difflib.unified_diff(old, new, lineterm="", n=2) if not line.startswith(("---", "+++"))]
    return FileChange(path, kind, lines[:MAX_LINES], cut=len(lines) > MAX_LINES)
