"""Registers filters; each call is charged and each long result counted."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from themes.sandbox.budget import MAX_TEXT, BudgetExceeded, current

F = TypeVar("F", bound=Callable[..., Any])
FILTERS: dict[str, Callable[..., Any]] = {}
_COST = 4
_LONG = 64


def theme_filter(function: F) -> F:
    """Make `function` a filter under its own name (a trailing underscore is dropped)."""

    @wraps(function)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        budget = current()
        budget.charge(_COST)
        if args and isinstance(args[0], str):
            budget.charge(len(args[0]) >> 6)
        result = function(*args, **kwargs)
        if isinstance(result, str) and len(result) > _LONG:
            if len(result) > MAX_TEXT:
                raise BudgetExceeded("text length")
            budget.charge_text(len(result))
        return result

    FILTERS[function.__name__.rstrip("_")] = guarded
    return function
