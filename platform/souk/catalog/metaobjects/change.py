"""Change or delete a kind of entry; its type stays, because fields and themes name it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import ARRAY, array
from sqlalchemy.orm import Session
from sqlalchemy.types import Text

from souk.catalog.metafields.define import check_name, list_definitions
from souk.catalog.metaobjects.define import EntryField, EntryType, check_fields, list_entry_types, read_entry_type
from souk.catalog.metaobjects.errors import MetaobjectDefinitionInvalid, MetaobjectDefinitionUsed
from souk.catalog.metaobjects.models import Metaobject, MetaobjectDefinition
from souk.kernel.events import Event
from souk.kernel.outbox import publish


def change_metaobject_definition(session: Session, definition_id: int, changes: Mapping[str, Any]) -> None:
    """Store `name`, `description`, `fields` (all of them, in order) and `storefront`, as far as they are named.

    A field that is left out is gone with its values; a field keeps its type. New limits count for what is written
    from now on. Raises MetaobjectDefinitionMissing, MetaobjectDefinitionInvalid, DefinitionInvalid.
    """
    found = read_entry_type(session, definition_id)
    values = dict(changes)
    if "name" in values:
        check_name(values["name"])
        values["name"] = values["name"].strip()
    if "fields" in values:
        fields: Sequence[EntryField] = values["fields"]
        check_fields(session, fields)
        _forget_fields(session, found, fields)
        values["fields"] = [asdict(each) for each in fields]
    if values:
        model = MetaobjectDefinition
        session.execute(update(model).where(model.id == definition_id).values(values))
        _tell(session)


def _forget_fields(session: Session, found: EntryType, fields: Sequence[EntryField]) -> None:
    types = {each.key: each.type for each in fields}
    for each in found.fields:
        if types.get(each.key, each.type) != each.type:
            raise MetaobjectDefinitionInvalid(
                "type", f"{each.name} keeps its type; delete the field and add another instead."
            )
    gone = [each.key for each in found.fields if each.key not in types]
    if gone:
        values = Metaobject.field_values
        without = values.op("-")(array(gone, type_=ARRAY(Text())))
        own = update(Metaobject).where(Metaobject.definition_id == found.id)
        session.execute(own.values(field_values=without))


def delete_metaobject_definition(session: Session, definition_id: int) -> None:
    """Forget a kind with all its entries; raises MetaobjectDefinitionMissing, MetaobjectDefinitionUsed."""
    found = read_entry_type(session, definition_id)
    users = _users(session, found)
    if users:
        raise MetaobjectDefinitionUsed(", ".join(users[:5]))
    session.execute(delete(MetaobjectDefinition).where(MetaobjectDefinition.id == definition_id))
    _tell(session)


def _users(session: Session, found: EntryType) -> list[str]:
    """Return the names of the fields that refer to entries of this kind; its own do not count."""
    fields = [one.full_key for one in list_definitions(session) if one.validations.get("metaobject") == found.type]
    others = [each for each in list_entry_types(session) if each.id != found.id]
    return fields + [
        f"{each.name}: {own.name}"
        for each in others
        for own in each.fields
        if own.validations.get("metaobject") == found.type
    ]


def _tell(session: Session) -> None:
    # Pages that showed an entry, or did not, are no longer true.
    publish(session, Event("settings.updated", 0, {"name": "metaobjects"}))
