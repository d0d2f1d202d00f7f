"""`visible_if`: when the editor shows a setting. A tiny comparison grammar, read here and never run as a template.

`{{ section.settings.layout == "grid" and section.settings.columns > 1 }}`: comparisons of a setting with a
constant, joined by `and` or `or` (not both), each possibly negated by `not`.
"""

from __future__ import annotations

import json
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

_TERM = re.compile(
    r"""\s*(?P<negated>not\s+)?(?P<scope>section|block|settings)(?:\.settings)?\.(?P<name>[a-z][a-z0-9_]{0,59})
        (?:\s*(?P<sign>==|!=|>=|<=|>|<)\s*(?P<value>"[^"\\]*"|'[^'\\]*'|-?\d{1,9}(?:\.\d{1,6})?|true|false|blank))?\s*""",
    re.VERBOSE,
)
_SIGNS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq, "!=": operator.ne, ">": operator.gt, "<": operator.lt, ">=": operator.ge, "<=": operator.le,
}  # fmt: skip
_JOINT = re.compile(r""" "[^"]*" | '[^']*' | (?<=\s)(and|or)(?=\s) """, re.VERBOSE)
MAX_LENGTH = 500


class VisibilityInvalid(ValueError):
    """`reason` says what to write instead."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Term:
    scope: str
    name: str
    sign: str
    value: Any
    negated: bool

    def holds(self, values: Mapping[str, Any]) -> bool:
        found = values.get(self.name)
        if not self.sign:
            return bool(found) is not self.negated
        blank_as_none = None if self.value is None and found == "" else found
        try:
            return _SIGNS[self.sign](blank_as_none, self.value) is not self.negated
        except TypeError:
            return self.negated


@dataclass(frozen=True, slots=True)
class Visibility:
    terms: tuple[Term, ...]
    every: bool

    def holds(self, scopes: Mapping[str, Mapping[str, Any]]) -> bool:
        """Return whether to show the setting, given the values of `section`, `block` and `settings`."""
        found = [term.holds(scopes.get(term.scope, {})) for term in self.terms]
        return all(found) if self.every else any(found)


def parse_visibility(condition: Any) -> Visibility:
    """Read a condition; raise VisibilityInvalid where it leaves the grammar."""
    if not isinstance(condition, str) or len(condition) > MAX_LENGTH:
        raise VisibilityInvalid(f"write a text of at most {MAX_LENGTH} characters")
    text = condition.strip().removeprefix("{{").removesuffix("}}").strip()
    parts, joints = _split(text)
    if len(joints) > 1:
        raise VisibilityInvalid("join terms by `and` or by `or`, not by both")
    return Visibility(tuple(_term(part) for part in parts), "or" not in joints)


def _split(text: str) -> tuple[list[str], set[str]]:
    """Return the terms and the words between them; a word inside quotes is a part of its term."""
    parts, joints, at = [], set(), 0
    for match in _JOINT.finditer(text):
        if match[1]:
            joints.add(match[1])
            parts.append(text[at : match.start()])
            at = match.end()
    return [*parts, text[at:]], joints


def _term(text: str) -> Term:
    match = _TERM.fullmatch(text)
    if match is None:
        raise VisibilityInvalid(f'{text.strip()!r} is no comparison such as section.settings.layout == "grid"')
    value = match["value"]
    return Term(match["scope"], match["name"], match["sign"] or "", _constant(value), bool(match["negated"]))


def _constant(text: str | None) -> Any:
    if text is None or text == "blank":
        return None
    return text[1:-1] if text[0] in "\"'" else json.loads(text)
