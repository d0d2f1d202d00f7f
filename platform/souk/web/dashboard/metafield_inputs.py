"""Metafields as inputs of the form of their owner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from souk.catalog.metafields.define import Definition, list_definitions
from souk.catalog.metafields.references import named
from souk.catalog.metafields.types import ENTRY_REFERENCE, REFERENCES, write_text
from souk.catalog.metafields.write import read_metafields, write_metafields
from souk.web.dashboard.lookup_reads import MOST, find_names
from souk.web.dashboard.metafield_types import hint

_KINDS = {"date": "date", "date_time": "datetime-local", "color": "text", "url": "url"}
_LONG = {"multi_line_text_field", "rich_text_field", "json"}


@dataclass(frozen=True, slots=True)
class MetafieldInput:
    """`entries`: (handle, title) of all that a reference to entries may name, where these are few."""

    definition: Definition
    text: str
    entries: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        return f"m-{self.definition.full_key}"

    @property
    def hint(self) -> str:
        """Return what stands below it: what the merchant wrote for it, and how a value is written."""
        of_entries = self.definition.owner_type == "metaobject"
        own = self.definition.description or ("" if of_entries else self.definition.full_key)
        return " · ".join(filter(None, [own, "" if self.kind == "entry" else hint(self.definition.type)]))

    @property
    def lookup(self) -> dict[str, str]:
        """Return what is asked for the names that it may hold, nothing for an input that refers to nothing."""
        of = self.definition.type.removeprefix("list.")
        return {"of": of, "among": str(self.definition.validations.get("metaobject", ""))} if of in REFERENCES else {}

    @property
    def kind(self) -> str:
        """Return how it is drawn: a textarea, a choice, or the type of an input."""
        if self.definition.validations.get("choices") and not self.definition.type.startswith("list."):
            return "choice"
        if self.definition.type == "boolean":
            return "boolean"
        if self.definition.type == ENTRY_REFERENCE and self.entries:
            return "entry"
        if self.definition.type in _LONG or self.definition.type.startswith("list."):
            return "textarea"
        return _KINDS.get(self.definition.type, "text")


def stored_inputs(session: Session, owner_type: str, owner_id: int | None) -> list[MetafieldInput]:
    values = read_metafields(session, owner_type, owner_id) if owner_id else {}
    return [
        stored_input(session, definition, values.get(definition.full_key))
        for definition in list_definitions(session, owner_type)
    ]


def typed_inputs(session: Session, owner_type: str, form: Mapping[str, str]) -> list[MetafieldInput]:
    definitions = list_definitions(session, owner_type)
    return [input_of(session, each, form.get(f"m-{each.full_key}", "")) for each in definitions]


def stored_input(session: Session, definition: Definition, value: Any) -> MetafieldInput:
    """Return the input of one field, references by their names."""
    return input_of(session, definition, write_text(named(session, definition.type, value, definition.validations)))


def input_of(session: Session, definition: Definition, text: str | None) -> MetafieldInput:
    """Return the input of one field as it is typed."""
    entries: list[tuple[str, str]] = []
    if definition.type == ENTRY_REFERENCE:
        entries = find_names(session, definition.type, "", str(definition.validations.get("metaobject", "")))
    # Of more than can be looked over a part would hide the rest: these are found by typing.
    return MetafieldInput(definition, text or "", tuple(entries) if len(entries) < MOST else ())


def save_inputs(session: Session, owner_type: str, owner_id: int, form: Mapping[str, str]) -> None:
    """Store the metafields that the form holds; raises what `write_metafields` raises."""
    typed = {
        definition.full_key: (definition, form[name])
        for definition in list_definitions(session, owner_type)
        if (name := f"m-{definition.full_key}") in form
    }
    if typed:
        write_metafields(session, owner_type, owner_id, typed)
