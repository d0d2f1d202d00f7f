"""Cuts schema, stylesheet and javascript out of a file: they are data, never evaluated."""

from __future__ import annotations

import re
from dataclasses import dataclass

_RAW = re.compile(r"\{%-?\s*(schema|stylesheet|javascript)\s*-?%\}(.*?)\{%-?\s*end\1\s*-?%\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Parts:
    """`markup` keeps the line numbers of the file."""

    markup: str
    raw: dict[str, str]
    lines: dict[str, int]


def split(source: str) -> Parts:
    raw: dict[str, str] = {}
    lines: dict[str, int] = {}

    def cut(match: re.Match[str]) -> str:
        name, text = match[1], match[2]
        raw[name] = raw.get(name, "") + text
        lines.setdefault(name, source.count("\n", 0, match.start()) + 1)
        return "\n" * match[0].count("\n")

    return Parts(_RAW.sub(cut, source), raw, lines)
