"""Write the metafields of one owner, checked by their definitions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from souk.catalog.errors import CollectionMissing, ProductMissing
from souk.catalog.metafields.define import OWNERS, Definition
from souk.catalog.metafields.errors import MetafieldInvalid
from souk.catalog.metafields.references import missing, numbered
from souk.catalog.metafields.types import Unreadable, read_value


def read_metafields(session: Session, owner_type: str, owner_id: int) -> dict[str, Any]:
    """Return the values by `namespace.key`, empty for an owner that the shop does not have."""
    owner = OWNERS[owner_type]
    return session.execute(select(owner.metafields).where(owner.id == owner_id)).scalar_one_or_none() or {}


def write_metafields(
    session: Session, owner_type: str, owner_id: int, typed: Mapping[str, tuple[Definition, str]]
) -> bool:
    """Store what was typed by `namespace.key`; empty text takes a value away. Returns whether anything changed.

    The caller tells caches and search. Raises MetafieldInvalid, ProductMissing, CollectionMissing.
    """
    owner = OWNERS[owner_type]
    before = session.execute(select(owner.metafields).where(owner.id == owner_id).with_for_update()).first()
    if before is None:
        raise CollectionMissing if owner_type == "collection" else ProductMissing
    values = dict(before.metafields)
    for full_key, (definition, text) in typed.items():
        value = checked_value(session, definition, text)
        if value is None:
            values.pop(full_key, None)
        else:
            values[full_key] = value
    if values == before.metafields:
        return False
    session.execute(update(owner).where(owner.id == owner_id).values(metafields=values))
    return True


def checked_value(session: Session, definition: Definition, text: str) -> Any:
    """Return the JSON value of what was typed, None for empty text; raises MetafieldInvalid."""
    field, kind, limits = f"m-{definition.full_key}", definition.type, definition.validations
    try:
        value = read_value(kind, numbered(session, kind, text, limits), limits)
    except Unreadable as error:
        raise MetafieldInvalid(definition.name, field, str(error)) from None
    if value is not None and missing(session, kind, value, limits):
        raise MetafieldInvalid(definition.name, field, "there is none with this number in the shop.")
    return value
