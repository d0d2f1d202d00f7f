"""Change what a definition says; its owner, key and type stay, because values are written by them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from souk.catalog.metafields.define import check_name
from souk.catalog.metafields.errors import DefinitionMissing
from souk.catalog.metafields.models import MetafieldDefinition
from souk.kernel.events import Event
from souk.kernel.outbox import publish


def change_definition(session: Session, definition_id: int, changes: Mapping[str, Any]) -> None:
    """Store `name`, `description`, `validations` and `storefront`, as far as they are named.

    Values that are there already stay as they are; new limits count for what is written from now on.
    Raises DefinitionMissing, DefinitionInvalid.
    """
    values = {name: value.strip() if isinstance(value, str) else value for name, value in changes.items()}
    if "name" in values:
        check_name(values["name"])
    model = MetafieldDefinition
    query = update(model).where(model.id == definition_id).returning(model.id)
    # Without a value an UPDATE would be no SQL; the row must be there all the same.
    if session.execute(query.values(values or {"id": definition_id})).first() is None:
        raise DefinitionMissing
    # Pages that showed it, or did not, are no longer true.
    publish(session, Event("settings.updated", 0, {"name": "metafields"}))
