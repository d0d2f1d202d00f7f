"""Write the metafields of one owner, checked by their definitions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from souk.catalog.errors import CollectionMissing, ProductMissing
from souk.catalog.metafields.define import OWNERS, Definition
from souk.catalog.metafields.errors import MetafieldInvalid
from souk.catalog.metafields.references import TARGETS, numbered
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
        value = _read(session, definition, text)
        if value is None:
            values.pop(full_key, None)
        else:
            values[full_key] = value
    if values == before.metafields:
        return False
    session.execute(update(owner).where(owner.id == owner_id).values(metafields=values))
    return True


def _read(session: Session, definition: Definition, text: str) -> Any:
    field = f"m-{definition.full_key}"
    try:
        value = read_value(definition.type, numbered(session, definition.type, text), definition.validations)
    except Unreadable as error:
        raise MetafieldInvalid(definition.name, field, str(error)) from None
    target = TARGETS.get(definition.type.removeprefix("list."))
    if target is not None and value is not None:
        wanted = set(value if isinstance(value, list) else [value])
        if set(session.scalars(select(target[0]).where(target[0].in_(wanted)))) != wanted:
            raise MetafieldInvalid(definition.name, field, "there is none with this number in the shop.")
    return value
