"""Arithmetic of templates, bounded: numbers, joining text, joining lists, and drops that declare arithmetic."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from jinja2.exceptions import SecurityError
from markupsafe import Markup

from themes.sandbox.budget import MAX_INT_BITS, MAX_ITEMS, MAX_TEXT, BudgetExceeded, current
from themes.sandbox.ticks import weigh

INTERCEPTED = frozenset({"*", "**", "+", "-", "/", "//", "%"})
_TABLE: dict[str, Callable[[Any, Any], Any]] = {
    "*": operator.mul,
    "**": operator.pow,
    "+": operator.add,
    "-": operator.sub,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
}
_NUMBERS = (int, float)
_TEXTS = (str, Markup)
_MAX_EXPONENT = 64


class Arithmetic:
    """Marks a drop whose own operators may run (money)."""

    __slots__ = ()


def calculate(symbol: str, left: Any, right: Any) -> Any:
    """Return `left <symbol> right`, or refuse before the work is done."""
    kinds = type(left), type(right)
    if kinds == (int, int):
        _check_int(symbol, left, right)
    elif kinds[0] in _NUMBERS and kinds[1] in _NUMBERS:
        if symbol == "**" and abs(right) > _MAX_EXPONENT:
            raise BudgetExceeded("number size")
    elif symbol == "+" and kinds[0] in _TEXTS and kinds[1] in _TEXTS:
        _check_text(len(left) + len(right))
    elif symbol == "+" and kinds == (list, list):
        _check_list(left, right)
    elif not (isinstance(left, Arithmetic) or isinstance(right, Arithmetic)):
        raise SecurityError(f"the operator {symbol} does not work on {kinds[0].__name__} and {kinds[1].__name__}")
    return _TABLE[symbol](left, right)


def _check_int(symbol: str, left: int, right: int) -> None:
    bits = left.bit_length()
    if symbol == "*":
        bits += right.bit_length()
    elif symbol == "**":
        bits = bits * right if 0 <= right <= _MAX_EXPONENT else MAX_INT_BITS + 1
    if bits > MAX_INT_BITS:
        raise BudgetExceeded("number size")


def _check_text(length: int) -> None:
    if length > MAX_TEXT:
        raise BudgetExceeded("text length")
    current().charge_text(length)


def _check_list(left: list[Any], right: list[Any]) -> None:
    # Leaves, not items: two lists of lists would otherwise double what they hold with every line.
    left_over = weigh(right, weigh(left))
    current().charge(MAX_ITEMS - left_over)
