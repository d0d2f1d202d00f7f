"""What a check found: a sentence, how bad it is, and the command that mends it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

Status = Literal["ok", "warning", "wrong"]


@dataclass(frozen=True, slots=True)
class Finding:
    """`cure` is a command or a short instruction; empty when all is well."""

    status: Status
    what: str
    cure: str = ""


Check = Callable[[], Iterator[Finding]]


def ok(what: str) -> Finding:
    return Finding("ok", what)


def warning(what: str, cure: str) -> Finding:
    return Finding("warning", what, cure)


def wrong(what: str, cure: str) -> Finding:
    return Finding("wrong", what, cure)
