"""The allowlist of names by exact type: what is not declared here does not exist for a theme."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from jinja2.runtime import LoopContext

_T = TypeVar("_T", bound=type)

LOOP_NAMES = frozenset(
    [
        "index",
        "index0",
        "first",
        "last",
        "length",
        "revindex",
        "revindex0",
        "previtem",
        "nextitem",
        "depth",
        "depth0",
        "changed",
        "cycle",
    ]
)
LOOP_METHODS = frozenset({"changed", "cycle"})
EXPOSED: dict[type, frozenset[str]] = {LoopContext: LOOP_NAMES}


def exposes(*names: str) -> Callable[[_T], _T]:
    """Declare the names of a class that a theme may read; a subclass inherits nothing."""

    def register(cls: _T) -> _T:
        for name in names:
            if name.startswith("_") or not hasattr(cls, name):
                raise AttributeError(f"{cls.__name__} cannot expose {name!r}; declare a public attribute first")
        EXPOSED[cls] = frozenset(names)
        return cls

    return register


class Lookup:
    """A value whose names are data (settings, menus by handle): reads go through `lookup`, never getattr."""

    __slots__ = ()

    def lookup(self, name: object) -> object:
        """Return the value called `name` (a name, a number or a slice of numbers, as the theme wrote it), or None."""
        raise KeyError(name)
