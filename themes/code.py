"""The files of a theme as somebody edits them by hand, and what becomes of a changed one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from souk.kernel.errors import Invalid, NotFound
from souk.media.storage import MediaStorage
from themes.apart import check_apart
from themes.builtins import builtin_themes
from themes.release import code_of, files_of
from themes.stored import keep_files
from themes.validate import Finding
from themes.work import Work

DATA = "config/settings_data.json"
MAX_TEXT = 1_500_000
MAX_FOUND = 200
_TEXTS = (".html", ".json", ".css", ".js", ".svg", ".txt", ".md")


class UnknownThemeFile(NotFound):
    code = "unknown_theme_file"

    def __init__(self, path: str) -> None:
        super().__init__(f"The theme has no file {path}; it may have been deleted or renamed.")


class ThemeFileTooLarge(Invalid):
    code = "theme_file_too_large"

    def __init__(self) -> None:
        super().__init__(f"A file has at most {MAX_TEXT // 1000} KB here; make it smaller.")


class ThemeJsonInvalid(Invalid):
    code = "theme_json_invalid"

    def __init__(self, path: str, reason: str, line: int) -> None:
        super().__init__(f"{path}:{line}: it is no valid JSON ({reason}); correct it.", line=line)


def is_text(path: str) -> bool:
    return path.endswith(_TEXTS)


def is_layered(path: str) -> bool:
    """Tell whether a file is part of the merchant's own layer: templates and section groups."""
    return path.startswith(("templates/", "sections/")) and path.endswith(".json")


def search(files: Mapping[str, bytes], terms: str) -> list[tuple[str, int, str]]:
    """Return (file, line, text) of the lines that hold `terms`, whatever their case; 200 at most."""
    wanted, found = terms.casefold(), []
    for path in sorted(path for path in files if is_text(path)):
        for number, line in enumerate(files[path].decode(errors="replace").splitlines(), 1):
            if wanted in line.casefold():
                found.append((path, number, line.strip()[:200]))
                if len(found) == MAX_FOUND:
                    return found
    return found


def write_file(storage: MediaStorage, work: Work, path: str, content: bytes | None) -> tuple[Work, list[Finding]]:
    """Return the theme with one file written, or deleted with None, and the validator's remarks about all of it.

    Call it outside of any transaction. Raises ThemeRefused, ThemeFileTooLarge, ThemeJsonInvalid, UnknownThemeFile.
    """
    if content is not None and len(content) > MAX_TEXT:
        raise ThemeFileTooLarge
    changed = _layered(work, path, content) if is_layered(path) else _coded(storage, work, path, content)
    return changed, check_apart(files_of(storage, changed), trial=False)


def _layered(work: Work, path: str, content: bytes | None) -> Work:
    templates = {name: value for name, value in work.templates.items() if name != path}
    if content is None:
        if path not in work.templates:
            raise UnknownThemeFile(path)
        return replace(work, templates=templates)
    return replace(work, templates={**templates, path: _parsed(path, content)})


def _parsed(path: str, content: bytes) -> Any:
    try:
        return json.loads(content)
    except RecursionError:
        raise ThemeJsonInvalid(path, "it is nested too deep", 1) from None
    except ValueError as error:
        raise ThemeJsonInvalid(path, str(error), getattr(error, "lineno", 1)) from None


def _coded(storage: MediaStorage, work: Work, path: str, content: bytes | None) -> Work:
    files = code_of(storage, work)
    if content is None and path not in files:
        raise UnknownThemeFile(path)
    base = work.base_files or _base_of(storage, work, files)
    after = {name: text for name, text in files.items() if name != path}
    if content is not None:
        after[path] = content
    # What was shown of this file had the merchant's settings in it already.
    settings = {} if path == DATA else work.settings
    return replace(work, files=keep_files(storage, after), base_files=base, settings=settings)


def _base_of(storage: MediaStorage, work: Work, files: Mapping[str, bytes]) -> Mapping[str, str]:
    """Keep the files as their maker gave them, so that an update can be merged later."""
    known = builtin_themes().get(work.base_handle)
    return keep_files(storage, files) if known is not None and not work.files else {}
