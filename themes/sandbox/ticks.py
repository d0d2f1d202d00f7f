"""Charges for loops and containers, called from rewritten template code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from time import monotonic
from typing import Any

from jinja2 import Undefined
from markupsafe import Markup

from themes.sandbox.budget import MAX_ITEMS, BudgetExceeded, current


class TickedIterable:
    """Charges every step of an iterable whose length is not known beforehand."""

    __slots__ = ("_items", "_weight")

    def __init__(self, items: Iterable[Any], weight: int) -> None:
        self._items = items
        self._weight = weight

    def __iter__(self) -> Iterator[Any]:
        budget = current()
        weight = self._weight
        for item in self._items:
            budget.ops -= weight
            if budget.ops < 0:
                raise BudgetExceeded("operations")
            if monotonic() > budget.deadline:
                budget.late()
            yield item


class TimedItems:
    """A list that was charged in one go; each step still looks at the clock, because a step may be long."""

    __slots__ = ("_items",)

    def __init__(self, items: Sequence[Any]) -> None:
        self._items = items

    def __iter__(self) -> Iterator[Any]:
        budget = current()
        for item in self._items:
            if monotonic() > budget.deadline:
                budget.late()
            yield item

    def __len__(self) -> int:
        return len(self._items)


def tick(items: Any, weight: int) -> Any:
    """Return what a loop may iterate; `weight` is the number of nodes that one turn runs."""
    kind = type(items)
    if kind is list or kind is tuple or kind is range:
        current().charge((len(items) + 1) * weight)
        return TimedItems(items)
    if items is None or isinstance(items, Undefined):
        return ()
    if kind is str or kind is Markup:
        raise TypeError("text cannot be iterated; split it or print it")
    return TickedIterable(items, weight)


def weigh(value: Any, left: int = MAX_ITEMS) -> int:
    """Count the leaves below `value`; nested containers double in size with every line of a template."""
    left -= 1
    if left < 0:
        raise BudgetExceeded("container size")
    kind = type(value)
    if kind is list or kind is tuple:
        for child in value:
            left = weigh(child, left)
    elif kind is dict:
        for key, child in value.items():
            left = weigh(child, weigh(key, left))
    elif kind is str or kind is Markup:
        left -= len(value) >> 8
    return left


def weighed(value: Any) -> Any:
    """Let a container literal pass when it is small."""
    current().charge(MAX_ITEMS - weigh(value) >> 2)
    return value
