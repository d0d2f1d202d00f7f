"""What may be printed, and how text is joined within the budget."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from jinja2 import Undefined
from jinja2.exceptions import SecurityError
from markupsafe import Markup, escape

from themes.sandbox.budget import MAX_TEXT, BudgetExceeded, current

_LONG = 64


def text_of(value: Any) -> str:
    """Return `value` as text: Markup stays Markup, None and undefined are empty, other types are refused."""
    kind = type(value)
    if kind is str or kind is Markup:
        return value  # type: ignore[no-any-return]
    if value is None or isinstance(value, Undefined):
        return ""
    if kind is bool:
        return "true" if value else "false"
    if kind is int or kind is float:
        return str(value)
    html = getattr(kind, "__html__", None)
    if html is not None:
        return Markup(html(value))
    raise SecurityError(f"a value of type {kind.__name__} cannot be printed; print one of its properties")


def printed(value: Any) -> Markup:
    """Return `value` escaped for HTML; generated code calls this once per printed expression."""
    kind = type(value)
    if kind is Markup:
        return value  # type: ignore[no-any-return]
    text = value if kind is str else text_of(value)
    if len(text) > _LONG:
        if len(text) > MAX_TEXT:
            raise BudgetExceeded("text length")
        # Escaping grows text up to five times, before the reader of the output can count it.
        current().charge_text(len(text))
    return escape(text)


def join_output(parts: Iterable[str]) -> str:
    """Concatenate captured output (macros, set blocks, snippets); charged before the memory is taken."""
    budget = current()
    left = budget.captured
    pieces = []
    for part in parts:
        left -= len(part)
        if left < 0:
            raise BudgetExceeded("captured text")
        pieces.append(part)
    budget.captured = left
    return "".join(pieces)


def join_values(values: Iterable[Any]) -> str:
    """The `~` operator: Markup when one operand is Markup, the others escaped."""
    texts = [text_of(value) for value in values]
    length = sum(map(len, texts))
    if length > MAX_TEXT:
        raise BudgetExceeded("text length")
    current().charge_text(length)
    if any(type(text) is Markup for text in texts):
        return Markup("").join(texts)
    return "".join(texts)
