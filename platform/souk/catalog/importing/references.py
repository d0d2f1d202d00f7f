"""References in files: by the handle, SKU or name of what they lead to, so that another shop understands them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from souk.catalog.importing.state import ProductState
from souk.catalog.metafields.define import Definition
from souk.catalog.metafields.references import all_named, missing, numbered
from souk.catalog.metafields.types import REFERENCES, Unreadable, read_value

# Owner type and full key.
Definitions = Mapping[tuple[str, str], Definition]


class References:
    """Of one batch: each text is looked up once, however many rows have it. None stands for what is not there."""

    def __init__(self, session: Session, definitions: Definitions, states: Iterable[ProductState]) -> None:
        self._session = session
        self._found: dict[tuple[int, str], Any] = {}
        self._names: dict[tuple[int, str], Any] = {}
        for definition, owners in _referring(definitions, list(states)):
            values = [owner[definition.full_key] for owner in owners]
            named = all_named(session, definition.type, values, definition.validations)
            self._names |= {(definition.id, repr(value)): name for value, name in zip(values, named, strict=True)}

    def named(self, definition: Definition, value: Any) -> Any:
        """Return a stored value as a file writes it."""
        return self._names.get((definition.id, repr(value)), value)

    def read(self, definition: Definition, text: str) -> Any:
        """Return the value that the text means, None for an empty one; raises Unreadable."""
        place = (definition.id, text)
        if place not in self._found:
            self._found[place] = self._read(definition, text)
        found = self._found[place]
        if isinstance(found, Unreadable):
            raise found
        return found

    def _read(self, definition: Definition, text: str) -> Any:
        kind, limits = definition.type, definition.validations
        try:
            value = read_value(kind, numbered(self._session, kind, text, limits), limits)
        except Unreadable as error:
            return error
        if value is not None and missing(self._session, kind, value, limits):
            return Unreadable("there is none with this number in the shop.")
        return value


def name_references(session: Session, definitions: Definitions, states: Iterable[ProductState]) -> None:
    """Write names in place of the numbers that the states refer by, with one query for each field."""
    for definition, owners in _referring(definitions, list(states)):
        values = [owner[definition.full_key] for owner in owners]
        named = all_named(session, definition.type, values, definition.validations)
        for owner, name in zip(owners, named, strict=True):
            owner[definition.full_key] = name


def refers(definition: Definition) -> bool:
    return definition.type.removeprefix("list.") in REFERENCES


def _referring(
    definitions: Definitions, states: list[ProductState]
) -> Iterable[tuple[Definition, list[dict[str, Any]]]]:
    """Yield each field that refers to something, with the metafields of all owners that have it."""
    for (owner, key), definition in definitions.items():
        if not refers(definition):
            continue
        every = [state.metafields for state in states]
        if owner == "variant":
            every = [variant.metafields for state in states for variant in state.variants]
        having = [metafields for metafields in every if key in metafields]
        if having:
            yield definition, having
