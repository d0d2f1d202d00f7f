"""The merchant's own fields of a product, a variant or a collection, by namespace and key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from themes.sandbox.access import Lookup

if TYPE_CHECKING:
    from themes.drops.references import References


class MetafieldsDrop(Lookup):
    """Namespaces by name; one without fields is nothing."""

    __slots__ = ("_references", "_values")

    def __init__(self, values: Mapping[str, Any], references: References) -> None:
        self._values = values
        self._references = references

    def lookup(self, name: object) -> object:
        if not isinstance(name, str):
            return None
        prefix = f"{name}."
        own = {key[len(prefix) :]: value for key, value in self._values.items() if key.startswith(prefix)}
        return FieldsDrop(own, self._references) if own else None


class FieldsDrop(Lookup):
    """Values by key; a reference gives the object that it leads to."""

    __slots__ = ("_references", "_values")

    def __init__(self, values: Mapping[str, Any], references: References) -> None:
        self._values = values
        self._references = references

    def lookup(self, name: object) -> object:
        return self._references.shown(self._values.get(name)) if isinstance(name, str) else None
