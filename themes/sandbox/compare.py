"""Comparisons with their cost counted: a long one is a single C call that no deadline can interrupt."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from datetime import datetime
from types import NoneType
from typing import Any

from jinja2.exceptions import SecurityError
from markupsafe import Markup

from themes.sandbox.budget import MAX_INT_BITS, MAX_ITEMS, current
from themes.sandbox.ticks import weigh

_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "lteq": operator.le,
    "gt": operator.gt,
    "gteq": operator.ge,
    "in": lambda left, right: left in right,
    "notin": lambda left, right: left not in right,
}
_SCALARS = frozenset({int, float, bool, NoneType, datetime})
_TEXTS = frozenset({str, Markup})
_CONTAINERS = frozenset({list, tuple, dict})
_NEEDLE = 64


def compare(symbol: str, left: Any, right: Any) -> bool:
    """Return `left <symbol> right`, charged by the size of both."""
    if symbol in ("in", "notin"):
        _charge_search(left, right)
    elif type(left) not in _SCALARS and type(right) not in _SCALARS:
        current().charge(_size(left) + _size(right))
    return _OPERATORS[symbol](left, right)


def compared(left: Any, links: Sequence[tuple[str, Any]]) -> bool:
    """Compare a chain such as `a < b < c`; generated code calls this."""
    for symbol, right in links:
        if not compare(symbol, left, right):
            return False
        left = right
    return True


def _size(value: Any) -> int:
    kind = type(value)
    if kind in _TEXTS:
        return len(value) >> 8
    return MAX_ITEMS - weigh(value) if kind in _CONTAINERS else 0


def _charge_search(needle: Any, haystack: Any) -> None:
    kind = type(haystack)
    if kind in _TEXTS and type(needle) in _TEXTS:
        # The worst search looks at the whole needle at every place of the text.
        current().charge((len(haystack) >> 8) * (1 + min(len(needle), _NEEDLE)))
    elif kind is range:
        current().charge(1 if type(needle) is int else len(haystack))
    else:
        current().charge(1 + _size(needle) + _size(haystack))


def sort_key(value: Any) -> tuple[int, Any]:
    """Return what a value sorts by: text without case, missing values last; containers have no order."""
    if type(value) in _TEXTS:
        return (0, value.casefold())
    if type(value) in _CONTAINERS:
        raise SecurityError(f"a {type(value).__name__} cannot be sorted by; name a text or a number")
    return (0, value)


def divisible(value: Any, number: Any) -> bool:
    """Only numbers divide: `%` on text is Python's formatting, whose width argument allocates any amount."""
    if type(value) is not int or type(number) is not int or number.bit_length() > MAX_INT_BITS:
        raise SecurityError("only whole numbers can be divided")
    return value % number == 0


COMPARING_TESTS: dict[str, Callable[..., bool]] = {
    **{name: (lambda left, right: compare("eq", left, right)) for name in ("eq", "equalto", "==")},
    **{name: (lambda left, right: compare("ne", left, right)) for name in ("ne", "!=")},
    **{name: (lambda left, right: compare("lt", left, right)) for name in ("lt", "lessthan", "<")},
    **{name: (lambda left, right: compare("lteq", left, right)) for name in ("le", "<=")},
    **{name: (lambda left, right: compare("gt", left, right)) for name in ("gt", "greaterthan", ">")},
    **{name: (lambda left, right: compare("gteq", left, right)) for name in ("ge", ">=")},
    "in": lambda left, right: compare("in", left, right),
    "divisibleby": divisible,
    "even": lambda value: divisible(value, 2),
    "odd": lambda value: not divisible(value, 2),
    "lower": lambda value: type(value) in _TEXTS and value.islower(),
    "upper": lambda value: type(value) in _TEXTS and value.isupper(),
}
