"""What the merchant's own fields refer to: entries, pictures, products, collections and pages, loaded together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from themes import rows
from themes.drops.collection import CollectionDrop
from themes.drops.entry import EntryDrop
from themes.drops.globals import PageDrop
from themes.drops.image import ImageDrop
from themes.drops.product import products
from themes.drops.scope import Scope

# Of one kind on a page; a list of the theme's may name more than any reader wants to see.
MAX_REFERENCES = 250
# What changes without its own surrogate key, such as a price by the hour: what shows these is rendered each time.
_LIVELY = frozenset(["product", "collection"])
_WRAP: Mapping[str, Callable[[Scope, Any], Any]] = {
    "metaobject": lambda scope, row: EntryDrop(row, scope),
    "file": lambda _scope, row: ImageDrop(row),
    "product": lambda scope, row: products(scope, [row])[0],
    "collection": lambda scope, row: CollectionDrop(row, scope),
    "page": lambda scope, row: PageDrop(row, scope.prefix),
}


class References:
    """Of one page. All references that rows have named so far come with the first of their kind that is read."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._waiting: dict[str, set[int]] = defaultdict(set)
        self._found: dict[str, dict[int, Any]] = defaultdict(dict)
        self._collections: dict[int, Mapping[str, Any] | None] = {}

    def metafields_of(self, product_ids: Sequence[int]) -> Mapping[int, Mapping[str, Any]]:
        """Read the fields of these products, and expect what they refer to."""
        found = self._scope.reader.metafields_of(product_ids)
        for values in found.values():
            self.expect(values.values())
        return found

    def variant_metafields_of(self, product_ids: Sequence[int]) -> Mapping[int, Mapping[int, Mapping[str, Any]]]:
        """Read the fields of the variants of these products, and expect what they refer to."""
        found = self._scope.reader.variant_metafields_of(product_ids)
        for variants in found.values():
            for values in variants.values():
                self.expect(values.values())
        return found

    def expect_collection(self, collection_id: int) -> None:
        """Note that a page has this collection: its fields are loaded with the first that are read."""
        self._collections.setdefault(collection_id)

    def metafields_of_collection(self, collection_id: int) -> Mapping[str, Any]:
        """Return the fields of a collection, read for all that the page has so far."""
        if self._collections.get(collection_id) is None:
            unread = [key for key, values in self._collections.items() if values is None and key != collection_id]
            asked = [collection_id, *unread[: MAX_REFERENCES - 1]]
            found = self._scope.load(self._scope.reader.collection_metafields_of, asked)
            for key in asked:
                values = self._collections[key] = found.get(key, {})
                self.expect(values.values())
        return self._collections[collection_id] or {}

    def expect(self, values: Iterable[Any]) -> None:
        """Note the references among values: they are loaded with the first that is read."""
        for value in values:
            for each in value if isinstance(value, list) else [value]:
                if isinstance(each, rows.ReferenceRow):
                    self._waiting[each.kind].add(each.id)

    def shown(self, value: Any) -> Any:
        """Return a value with objects in place of references; of a list those that are gone are left out."""
        if isinstance(value, list):
            return [shown for each in value if (shown := self.shown(each)) is not None]
        return self._object(value) if isinstance(value, rows.ReferenceRow) else value

    def _object(self, reference: rows.ReferenceRow) -> Any:
        kind, number = reference.kind, reference.id
        # At every look and not at the load: each part of the page that shows it leaves with it. What is hidden now
        # has a key too, for the day when it is shown.
        self._scope.keys.add(f"{kind}-{number}")
        self._scope.tainted |= kind in _LIVELY
        found = self._found[kind]
        if number not in found:
            self._load(kind, number)
        return found.get(number)

    def _load(self, kind: str, number: int) -> None:
        found = self._found[kind]
        others = sorted(self._waiting[kind] - found.keys() - {number})
        asked = [number, *others[: MAX_REFERENCES - 1]]
        loaded = self._scope.load(self._scope.reader.referenced, kind, asked)
        if kind == "metaobject":
            for row in loaded.values():
                self.expect(row.fields.values())
        for each in asked:
            found[each] = _WRAP[kind](self._scope, loaded[each]) if each in loaded else None
