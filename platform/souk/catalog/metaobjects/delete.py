"""Delete an entry, and take it out of everything that names it: a product must not keep a number of nothing."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from souk.catalog.metafields.define import OWNERS, list_definitions
from souk.catalog.metaobjects.define import list_entry_types
from souk.catalog.metaobjects.errors import MetaobjectMissing
from souk.catalog.metaobjects.models import Metaobject, MetaobjectDefinition
from souk.catalog.models import Product
from souk.catalog.update_product import touch_products
from souk.kernel.events import Event
from souk.kernel.outbox import publish


def delete_entry(session: Session, entry_id: int) -> None:
    """Raises MetaobjectMissing."""
    gone = delete(Metaobject).where(Metaobject.id == entry_id).returning(Metaobject.definition_id, Metaobject.handle)
    row = session.execute(gone).first()
    if row is None:
        raise MetaobjectMissing
    model = MetaobjectDefinition
    kind = session.execute(select(model.type).where(model.id == row.definition_id)).scalar_one()
    for table, column, key in _places(session, kind):
        changed = _forget(session, table, column, key, entry_id)
        if table == Product.__tablename__:
            touch_products(session, changed)
    publish(session, Event("metaobject.deleted", entry_id, {"type": kind, "handle": row.handle}))


def _places(session: Session, kind: str) -> Iterator[tuple[str, str, str]]:
    """Yield table, column and key of each field that may name entries of this kind."""
    for one in list_definitions(session):
        if one.validations.get("metaobject") == kind:
            yield OWNERS[one.owner_type].__tablename__, "metafields", one.full_key
    for other in list_entry_types(session):
        for own in other.fields:
            if own.validations.get("metaobject") == kind:
                yield Metaobject.__tablename__, "metafields", own.key


def _forget(session: Session, table: str, column: str, key: str, entry_id: int) -> list[int]:
    # Names of tables and columns are ours. Of a list the entry is taken out; a list of it alone goes whole.
    statement = text(f"""
UPDATE {table} SET {column} = CASE WHEN jsonb_typeof({column} -> :key) = 'array' AND EXISTS (
    SELECT 1 FROM jsonb_array_elements({column} -> :key) AS each(item) WHERE item <> to_jsonb(CAST(:id AS bigint))
  ) THEN jsonb_set({column}, ARRAY[:key], (
    SELECT jsonb_agg(item ORDER BY place) FROM jsonb_array_elements({column} -> :key) WITH ORDINALITY AS e(item, place)
    WHERE item <> to_jsonb(CAST(:id AS bigint))
  )) ELSE {column} - :key END
WHERE {column} -> :key @> to_jsonb(CAST(:id AS bigint))
RETURNING id
""")  # noqa: S608
    return list(session.scalars(statement, {"key": key, "id": entry_id}))
