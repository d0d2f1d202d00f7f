"""Define kinds of entries: a type, what people call it, and its fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from souk.catalog.metafields.define import Definition, check_key, check_name, check_type
from souk.catalog.metaobjects.errors import (
    MetaobjectDefinitionInvalid,
    MetaobjectDefinitionMissing,
    MetaobjectDefinitionTaken,
)
from souk.catalog.metaobjects.models import Metaobject, MetaobjectDefinition

MAX_TYPES = 100
MAX_FIELDS = 40


@dataclass(frozen=True, slots=True)
class EntryField:
    """`validations` as those of a metafield; a reference to entries names their type as `metaobject`."""

    key: str
    name: str
    type: str
    description: str = ""
    required: bool = False
    validations: Mapping[str, Any] = field(default_factory=dict)

    def as_definition(self) -> Definition:
        """Return it as the metafield that its values are read and shown like; its input is `m-field.<key>`."""
        texts = (self.key, self.name, self.description, self.type)
        return Definition(0, "metaobject", "field", *texts, self.validations, storefront=True, filterable=False)


@dataclass(frozen=True, slots=True)
class EntryType:
    id: int
    type: str
    name: str
    description: str
    fields: tuple[EntryField, ...]
    storefront: bool
    entries: int


@dataclass(frozen=True, slots=True)
class EntryTypeDraft:
    type: str
    name: str
    description: str = ""
    fields: Sequence[EntryField] = ()
    storefront: bool = True


def define_metaobject(session: Session, draft: EntryTypeDraft) -> int:
    """Store a kind of entry and return its id; raises MetaobjectDefinitionInvalid, MetaobjectDefinitionTaken,
    DefinitionInvalid.
    """
    check_name(draft.name)
    check_key(draft.type, "type")
    check_fields(session, draft.fields)
    model = MetaobjectDefinition
    if session.execute(select(func.count(model.id))).scalar_one() >= MAX_TYPES:
        raise MetaobjectDefinitionInvalid("type", f"A shop has at most {MAX_TYPES} types of entries; delete one first.")
    row = insert(model).values(
        type=draft.type, name=draft.name.strip(), description=draft.description.strip(),
        fields=[asdict(each) for each in draft.fields], storefront=draft.storefront,
    )  # fmt: skip
    made = session.execute(row.on_conflict_do_nothing().returning(model.id)).scalar_one_or_none()
    if made is None:
        raise MetaobjectDefinitionTaken(draft.type)
    return made


def check_fields(session: Session, fields: Sequence[EntryField]) -> None:
    """Raise DefinitionInvalid or MetaobjectDefinitionInvalid for fields that no entry could have."""
    if len(fields) > MAX_FIELDS:
        raise MetaobjectDefinitionInvalid("fields", f"An entry has at most {MAX_FIELDS} fields.")
    keys = [each.key for each in fields]
    for each in fields:
        check_name(each.name)
        check_key(each.key, "key")
        check_type(session, each.type, each.validations)
        if keys.count(each.key) > 1:
            raise MetaobjectDefinitionInvalid("key", f"Two fields have the key {each.key}; choose another.")


def list_entry_types(session: Session) -> list[EntryType]:
    """Return the kinds of entries by name, each with the number of its entries."""
    model = MetaobjectDefinition
    count = select(func.count(Metaobject.id)).where(Metaobject.definition_id == model.id).scalar_subquery()
    columns = (model.id, model.type, model.name, model.description, model.fields, model.storefront, count)
    found = session.execute(select(*columns).order_by(func.lower(model.name), model.id))
    return [
        EntryType(*[*row[:4], tuple(EntryField(**each) for each in row[4]), *row[5:]]) for row in found
    ]  # fmt: skip


def read_entry_type(session: Session, name: str | int) -> EntryType:
    """Return one by its type or id; raises MetaobjectDefinitionMissing."""
    found = next((one for one in list_entry_types(session) if name in {one.type, one.id}), None)
    if found is None:
        raise MetaobjectDefinitionMissing
    return found
