"""Entries that the merchant defined: size charts, authors, materials."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from themes import rows
from themes.drops.base import Drop, row_value
from themes.drops.metafields import FieldsDrop
from themes.drops.scope import Scope
from themes.sandbox.access import Lookup, exposes

MAX_LISTED = 250
# Beyond those that are listed, by handle.
MAX_FOUND = 20


@exposes("title", "handle", "type", "fields")
class EntryDrop(Drop):
    """An entry of a type that the merchant defined, such as a size chart."""

    __slots__ = ("_row", "_scope")
    json_names = ("title", "handle", "type")

    def __init__(self, row: rows.EntryRow, scope: Scope) -> None:
        self._row = row
        self._scope = scope

    title = row_value("title", "What it is called.")
    handle = row_value("handle", "Its name among the entries of its type.")
    type = row_value("type", "Its type, such as size_chart.")

    @property
    def fields(self) -> FieldsDrop:
        """Its values by key: `entry.fields.material`; a reference gives the object, an unknown one is nothing."""
        self._scope.keys.add(f"metaobject-{self._row.id}")
        return FieldsDrop(self._row.fields, self._scope.references)


class EntryTypes(Lookup):
    """`metaobjects`: the entries of each type by its name."""

    __slots__ = ("_kinds", "_scope")

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._kinds: dict[str, Entries] = {}

    def lookup(self, name: object) -> object:
        if not isinstance(name, str):
            return None
        kind = str(name)
        # At every look and not at the load, as with menus.
        self._scope.keys.add(f"metaobjects-{kind}")
        if kind not in self._kinds:
            self._kinds[kind] = Entries(self._scope, kind)
        return self._kinds[kind]


class Entries(Lookup):
    """The entries of one type, in the order of their titles, or one of them by its handle."""

    __slots__ = ("_found", "_kind", "_listed", "_scope", "_total")

    def __init__(self, scope: Scope, kind: str) -> None:
        self._scope = scope
        self._kind = kind
        self._listed: list[EntryDrop] | None = None
        self._total = 0
        self._found: dict[str, EntryDrop | None] = {}

    def _all(self) -> list[EntryDrop]:
        if self._listed is None:
            load = self._scope.reader.entries_of_type
            found, self._total = self._scope.load(load, self._kind, MAX_LISTED)
            self._listed = self._drops(found)
        return self._listed

    def _drops(self, found: Sequence[rows.EntryRow]) -> list[EntryDrop]:
        for row in found:
            self._scope.references.expect(row.fields.values())
        drops = [EntryDrop(row, self._scope) for row in found]
        self._found |= {row.handle: drop for row, drop in zip(found, drops, strict=True)}
        return drops

    def lookup(self, name: object) -> object:
        if not isinstance(name, str):
            return None
        everything = len(self._all()) == self._total
        handle, most = str(name), MAX_LISTED + MAX_FOUND
        if handle not in self._found and not everything and len(self._found) < most:
            found = self._scope.load(self._scope.reader.entries_by_handle, self._kind, [handle])
            self._found[handle] = None
            self._drops(list(found.values()))
        return self._found.get(handle)

    def __iter__(self) -> Iterator[EntryDrop]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())
