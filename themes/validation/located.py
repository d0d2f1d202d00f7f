"""Which line of a JSON text each of its parts stands on, so that a finding can point at it."""

from __future__ import annotations

import json
import re

Path = tuple[str | int, ...]
Lines = dict[Path, int]
_SIGN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+|\n')


def lines_of(text: str, first_line: int = 1) -> Lines:
    """Return the line of each part of valid JSON by its path, such as ("sections", "main", "settings")."""
    walk = _Walk(first_line)
    for match in _SIGN.finditer(text):
        walk.step(match[0])
    return walk.lines


class _Walk:
    """Follows the signs; `stack` holds the key or index at which each open container now is."""

    def __init__(self, first_line: int) -> None:
        self.lines: Lines = {(): first_line}
        self.line = first_line
        self.stack: list[str | int] = []
        self.text = ""

    def step(self, sign: str) -> None:
        if sign == "\n":
            self.line += 1
        elif sign == ":":
            self.stack[-1] = json.loads(self.text)
            self.lines[tuple(self.stack)] = self.line
        elif sign == ",":
            here = self.stack[-1]
            self.stack[-1] = here + 1 if isinstance(here, int) else here
        elif sign in "}]":
            self.stack.pop()
        else:
            self._begin(sign)

    def _begin(self, sign: str) -> None:
        self.lines.setdefault(tuple(self.stack), self.line)
        if sign in "{[":
            self.stack.append("" if sign == "{" else 0)
        self.text = sign
