"""The merchant's own fields of a product, by namespace and key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from themes.sandbox.access import Lookup


class MetafieldsDrop(Lookup):
    """Namespaces by name; one without fields is nothing."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def lookup(self, name: object) -> object:
        if not isinstance(name, str):
            return None
        prefix = f"{name}."
        own = {key[len(prefix) :]: value for key, value in self._values.items() if key.startswith(prefix)}
        return NamespaceDrop(own) if own else None


class NamespaceDrop(Lookup):
    """Values by key."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def lookup(self, name: object) -> object:
        return self._values.get(name) if isinstance(name, str) else None
