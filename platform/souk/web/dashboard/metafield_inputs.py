"""Metafields as inputs of the form of their owner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from souk.catalog.metafields.define import Definition, list_definitions
from souk.catalog.metafields.references import named
from souk.catalog.metafields.types import write_text
from souk.catalog.metafields.write import read_metafields, write_metafields
from souk.web.dashboard.metafield_types import hint

_KINDS = {"date": "date", "date_time": "datetime-local", "color": "text", "url": "url"}
_LONG = {"multi_line_text_field", "rich_text_field", "json"}


@dataclass(frozen=True, slots=True)
class MetafieldInput:
    definition: Definition
    text: str

    @property
    def name(self) -> str:
        return f"m-{self.definition.full_key}"

    @property
    def hint(self) -> str:
        """Return what stands below it: what the merchant wrote for it, and how a value is written."""
        own = self.definition.description or self.definition.full_key
        return " · ".join(filter(None, [own, hint(self.definition.type)]))

    @property
    def kind(self) -> str:
        """Return how it is drawn: a textarea, a choice, or the type of an input."""
        if self.definition.validations.get("choices") and not self.definition.type.startswith("list."):
            return "choice"
        if self.definition.type == "boolean":
            return "boolean"
        if self.definition.type in _LONG or self.definition.type.startswith("list."):
            return "textarea"
        return _KINDS.get(self.definition.type, "text")


def stored_inputs(session: Session, owner_type: str, owner_id: int | None) -> list[MetafieldInput]:
    values = read_metafields(session, owner_type, owner_id) if owner_id else {}
    return [
        MetafieldInput(definition, write_text(named(session, definition.type, values.get(definition.full_key))))
        for definition in list_definitions(session, owner_type)
    ]


def typed_inputs(session: Session, owner_type: str, form: Mapping[str, str]) -> list[MetafieldInput]:
    definitions = list_definitions(session, owner_type)
    return [MetafieldInput(definition, form.get(f"m-{definition.full_key}", "")) for definition in definitions]


def save_inputs(session: Session, owner_type: str, owner_id: int, form: Mapping[str, str]) -> None:
    """Store the metafields that the form holds; raises what `write_metafields` raises."""
    typed = {
        definition.full_key: (definition, form[name])
        for definition in list_definitions(session, owner_type)
        if (name := f"m-{definition.full_key}") in form
    }
    if typed:
        write_metafields(session, owner_type, owner_id, typed)
