"""A finding, and the theme under inspection that collects them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from themes.errors import ThemeFileInvalid
from themes.files import ThemeFiles
from themes.schema import load_json
from themes.validation.located import Lines, lines_of

MAX_FINDINGS = 500
MAX_DEPTH = 40
Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One fault: `message` is a sentence with its cure; an error keeps a theme from being published."""

    file: str
    line: int
    rule: str
    severity: Severity
    message: str


@dataclass(frozen=True, slots=True)
class Located:
    """A JSON document with the line of each of its parts."""

    data: Any
    lines: Lines

    def line(self, *path: str | int) -> int:
        """Return the line of a part, or of the nearest part around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


class TooManyFindings(Exception):
    """A file of faults must not keep the checker busy for minutes."""


@dataclass(slots=True)
class Inspection:
    """The files of a theme; rules read them and add their findings."""

    files: ThemeFiles
    findings: list[Finding] = field(default_factory=list)
    _documents: dict[str, Located | None] = field(default_factory=dict)

    def error(self, file: str, line: int, rule: str, message: str) -> None:
        self._add(Finding(file, line, rule, "error", message))

    def warn(self, file: str, line: int, rule: str, message: str) -> None:
        self._add(Finding(file, line, rule, "warning", message))

    def _add(self, finding: Finding) -> None:
        self.findings.append(finding)
        if len(self.findings) >= MAX_FINDINGS:
            raise TooManyFindings

    def below(self, folder: str, ending: str) -> list[str]:
        return sorted(path for path in self.files if path.startswith(f"{folder}/") and path.endswith(ending))

    def text(self, path: str) -> str:
        """Return the text of a file; what is not UTF-8 was reported by the rules on files."""
        return self.files[path].decode(errors="replace")

    def document(self, path: str) -> Located | None:
        """Return the JSON of a file, or None after reporting why it cannot be read."""
        if path not in self._documents:
            self._documents[path] = self.located(path, self.text(path), 1) if path in self.files else None
        return self._documents[path]

    def located(self, path: str, text: str, first_line: int) -> Located | None:
        """Parse JSON that begins at `first_line` of a file."""
        try:
            found = Located(load_json(path, text, first_line), lines_of(text, first_line))
        except ThemeFileInvalid as error:
            self.error(path, error.line, "json", f"{error.reason[:1].upper()}{error.reason[1:]}.")
            return None
        if max(map(len, found.lines)) > MAX_DEPTH:
            self.error(path, first_line, "json", f"The JSON nests deeper than {MAX_DEPTH}; flatten it.")
            return None
        return found


def mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
