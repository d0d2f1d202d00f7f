"""Bring a theme's next version under a merchant's changes: a three-way merge of code, with the settings kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from merge3 import Merge3

from themes.files import ThemeFiles
from themes.schema import grouped, load_json

Kind = Literal["new", "removed", "taken", "yours", "merged", "conflict"]
_SCHEMA = "config/settings_schema.json"
_KEPT = ("sections", "color_schemes")


@dataclass(frozen=True, slots=True)
class MergedFile:
    """What became of one file. `content` is None when it is gone; a conflict has your content until it is decided.

    `marked` shows both versions of a text where they collide, between lines of `<<<<<<<`, `=======` and `>>>>>>>`.
    """

    path: str
    kind: Kind
    content: bytes | None
    theirs: bytes | None = None
    marked: str = ""


@dataclass(frozen=True, slots=True)
class Update:
    """`dropped` are settings of the merchant that the new version does not know any more, by id."""

    files: list[MergedFile] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)

    def of(self, kind: Kind) -> list[MergedFile]:
        return [each for each in self.files if each.kind == kind]

    @property
    def conflicts(self) -> list[MergedFile]:
        return self.of("conflict")

    def result(self, take_theirs: frozenset[str] = frozenset()) -> dict[str, bytes]:
        """Return the files; `take_theirs` names the conflicts that the new version wins."""
        chosen = {each.path: each.theirs if each.path in take_theirs else each.content for each in self.files}
        return {path: content for path, content in chosen.items() if content is not None}


def merge_update(
    base: ThemeFiles, mine: ThemeFiles, theirs: ThemeFiles, settings: Mapping[str, Any] | None = None
) -> Update:
    """Merge what both sides made of `base`; a file that only one side changed is that side's."""
    paths = sorted(base.keys() | mine.keys() | theirs.keys())
    files = [each for path in paths for each in _merge(path, base.get(path), mine.get(path), theirs.get(path))]
    return Update(files, _dropped(theirs, settings or {}))


def without_dropped(settings: Mapping[str, Any], update: Update) -> dict[str, Any]:
    return {name: value for name, value in settings.items() if name not in update.dropped}


def _merge(path: str, base: bytes | None, mine: bytes | None, theirs: bytes | None) -> Iterator[MergedFile]:
    if mine == theirs:
        # Both sides came to the same: there is nothing to tell.
        if mine is not None:
            yield MergedFile(path, "taken" if mine == base else "merged", mine)
    elif mine == base:
        yield MergedFile(path, "removed" if theirs is None else "new" if base is None else "taken", theirs)
    elif theirs == base:
        yield MergedFile(path, "yours", mine)
    else:
        yield _both(path, base, mine, theirs)


def _both(path: str, base: bytes | None, mine: bytes | None, theirs: bytes | None) -> MergedFile:
    if base is None or mine is None or theirs is None:
        return MergedFile(path, "conflict", mine, theirs)
    try:
        old, own, new = (each.decode().splitlines(keepends=True) for each in (base, mine, theirs))
    except UnicodeDecodeError:
        return MergedFile(path, "conflict", mine, theirs)
    merged = Merge3(old, own, new)
    if any(region[0] == "conflict" for region in merged.merge_regions()):
        marked = "".join(merged.merge_lines(name_a="your version", name_b="the new version"))
        return MergedFile(path, "conflict", mine, theirs, marked)
    return MergedFile(path, "merged", "".join(merged.merge_lines()).encode())


def _dropped(theirs: ThemeFiles, settings: Mapping[str, Any]) -> list[str]:
    declared = grouped(load_json(_SCHEMA, theirs[_SCHEMA])) if _SCHEMA in theirs else {}
    return sorted(name for name in settings if name not in declared and name not in _KEPT)
