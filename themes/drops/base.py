"""Drop, the base of theme objects, and Batch, which loads a relation for all siblings on the first touch."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import Any, Generic, TypeVar, overload

from themes.drops.scope import Scope

V = TypeVar("V")


class Drop:
    """Holds a row and no session; what a theme may read is declared with `exposes`."""

    __slots__ = ("_kept",)
    _kept: dict[str, Any]
    json_names: tuple[str, ...] = ()


class kept(Generic[V]):  # noqa: N801 - used like property
    """A property that is worked out once a drop: reading a name is not charged, so it must not cost work each time."""

    def __init__(self, method: Callable[[Any], V]) -> None:
        self.method = method
        self.__doc__ = method.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, drop: None, owner: type) -> kept[V]: ...
    @overload
    def __get__(self, drop: Drop, owner: type) -> V: ...
    def __get__(self, drop: Drop | None, owner: type) -> kept[V] | V:
        if drop is None:
            return self
        try:
            found: dict[str, Any] = drop._kept  # noqa: SLF001 - the descriptor is a part of Drop
        except AttributeError:
            found = drop._kept = {}  # noqa: SLF001 - as above
        if self._name not in found:
            found[self._name] = self.method(drop)
        value: V = found[self._name]
        return value


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
