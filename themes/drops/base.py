"""Drop, the base of theme objects, and Batch, which loads a relation for all siblings on the first touch."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import Any, TypeVar

from themes.drops.scope import Scope

V = TypeVar("V")


class Drop:
    """Holds a row and no session; what a theme may read is declared with `exposes`."""

    __slots__ = ()
    json_names: tuple[str, ...] = ()


def row_value(name: str, doc: str) -> Any:
    """A property that passes a row's value through."""
    return property(attrgetter(f"_row.{name}"), doc=doc)


class Batch:
    """The ids of one result set and the relations loaded for them."""

    __slots__ = ("_loaded", "ids", "scope")

    def __init__(self, scope: Scope, ids: Sequence[int]) -> None:
        self.scope = scope
        self.ids = ids
        self._loaded: dict[str, Mapping[int, Any]] = {}

    def related(self, load: Callable[[Sequence[int]], Mapping[int, V]], key: int) -> V | None:
        """Return what `load` gives for `key`, loading for every sibling at the first call."""
        found = self._loaded.get(load.__name__)
        if found is None:
            found = self._loaded[load.__name__] = self.scope.load(load, self.ids)
        return found.get(key)
