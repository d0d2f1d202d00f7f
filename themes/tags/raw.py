"""Cuts schema, stylesheet and javascript out of a file: they are data, never evaluated."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_OPEN = re.compile(r"\{%[-+]?[ \t]{0,8}(schema|stylesheet|javascript)[ \t]{0,8}[-+]?%\}")
_CLOSE = {
    name: re.compile(rf"\{{%[-+]?[ \t]{{0,8}}end{name}[ \t]{{0,8}}[-+]?%\}}")
    for name in ("schema", "stylesheet", "javascript")
}


@dataclass(frozen=True, slots=True)
class Parts:
    """`markup` keeps the line numbers of the file; `lines` tells where the first part of a name begins."""

    markup: str
    raw: dict[str, str]
    lines: dict[str, int]
    repeated: tuple[str, ...] = ()


@dataclass(slots=True)
class _Cutter:
    source: str
    kept: list[str] = field(default_factory=list)
    raw: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    repeated: list[str] = field(default_factory=list)

    def cut(self, name: str, start: int, inner: tuple[int, int], end: int) -> None:
        if name in self.raw:
            self.repeated.append(name)
        self.raw[name] = self.raw.get(name, "") + self.source[slice(*inner)]
        self.lines.setdefault(name, self.source.count("\n", 0, start) + 1)
        self.kept.append("\n" * self.source.count("\n", start, end))


def split(source: str) -> Parts:
    """Cut in one pass: a part that is never closed stays in the markup, where the parser refuses its tag."""
    cutter, at = _Cutter(source), 0
    while opening := _OPEN.search(source, at):
        name = opening[1]
        closing = _CLOSE[name].search(source, opening.end())
        if closing is None:
            break
        cutter.kept.append(source[at : opening.start()])
        cutter.cut(name, opening.start(), (opening.end(), closing.start()), closing.end())
        at = closing.end()
    return Parts("".join(cutter.kept) + source[at:], cutter.raw, cutter.lines, tuple(cutter.repeated))
