"""Read entries: lists for staff, and what themes and the shop API may see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from souk.catalog.metaobjects.errors import MetaobjectMissing
from souk.catalog.metaobjects.models import Metaobject, MetaobjectDefinition
from souk.kernel.localized import ENTRY, in_texts, localized

# What can be translated besides the title.
TEXT_TYPES = frozenset(["single_line_text_field", "multi_line_text_field", "rich_text_field"])


@dataclass(frozen=True, slots=True)
class Entry:
    id: int
    definition_id: int
    handle: str
    title: str
    status: str
    values: Mapping[str, Any]
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """An active entry of a kind that themes may read; `fields`: (type, value) by key, in the order of the kind."""

    id: int
    type: str
    handle: str
    title: str
    fields: Mapping[str, tuple[str, Any]]


_COLUMNS = (
    Metaobject.id, Metaobject.definition_id, Metaobject.handle, Metaobject.title, Metaobject.status,
    Metaobject.field_values, Metaobject.updated_at,
)  # fmt: skip


def list_entries(
    session: Session, definition_id: int, words: str = "", *, offset: int = 0, limit: int = 50
) -> tuple[list[Entry], int]:
    """Return a window of the entries of one kind by title, and how many there are; `words` stand in title or handle."""
    where = [Metaobject.definition_id == definition_id]
    if words:
        columns = (Metaobject.title, Metaobject.handle)
        where.append(or_(*(column.icontains(words.replace("\0", ""), autoescape=True) for column in columns)))
    total = session.execute(select(func.count(Metaobject.id)).where(*where)).scalar_one()
    query = select(*_COLUMNS).where(*where).order_by(func.lower(Metaobject.title), Metaobject.id)
    return [Entry(*list(row)) for row in session.execute(query.offset(offset).limit(limit))], total


def entries_where(session: Session, conditions: Sequence[ColumnElement[bool]], limit: int) -> list[Entry]:
    """Return the entries that fulfil all conditions, newest first."""
    query = select(*_COLUMNS).where(*conditions).order_by(Metaobject.id.desc()).limit(limit)
    return [Entry(*list(row)) for row in session.execute(query)]


def read_entry(session: Session, entry_id: int) -> Entry:
    """Raises MetaobjectMissing."""
    row = session.execute(select(*_COLUMNS).where(Metaobject.id == entry_id)).first()
    if row is None:
        raise MetaobjectMissing
    return Entry(*list(row))


def shown_by_id(session: Session, ids: Sequence[int]) -> dict[int, ShownEntry]:
    """Return those of `ids` that themes may read."""
    found = session.execute(_shown_query(session).where(Metaobject.id.in_(ids)))
    return {row[0]: _shown(row) for row in found}


def shown_of_type(session: Session, kind: str, offset: int, limit: int) -> tuple[list[ShownEntry], int]:
    """Return a window of the entries of a type by title, and how many there are; nothing of a hidden type."""
    own = _shown_query(session).where(MetaobjectDefinition.type == kind)
    query = own.order_by(func.lower(Metaobject.title), Metaobject.id).offset(offset).limit(limit)
    found = [_shown(row) for row in session.execute(query)]
    if not offset and len(found) < limit:
        return found, len(found)
    counted = own.with_only_columns(func.count(Metaobject.id))
    return found, session.execute(counted).scalar_one()


def is_shown(session: Session, kind: str) -> bool:
    """Tell whether the shop has defined this type and lets themes read it."""
    model = MetaobjectDefinition
    return session.execute(select(model.id).where(model.type == kind, model.storefront)).first() is not None


def shown_by_handle(session: Session, kind: str, handles: Sequence[str]) -> dict[str, ShownEntry]:
    """Return the entries of a type that have these handles."""
    query = _shown_query(session).where(MetaobjectDefinition.type == kind, Metaobject.handle.in_(handles))
    return {row.handle: _shown(row) for row in session.execute(query)}


def text_field(key: str) -> str:
    """Return what a translation calls the text of a field."""
    return f"field.{key}"


def _shown_query(session: Session) -> Select[Any]:
    kind = MetaobjectDefinition
    columns = (
        Metaobject.id, kind.type, Metaobject.handle, Metaobject.title, kind.fields, Metaobject.field_values,
        *localized(session, ENTRY, Metaobject.id),
    )  # fmt: skip
    query = select(*columns).join(kind, kind.id == Metaobject.definition_id)
    return query.where(Metaobject.status == "active", kind.storefront)


def _shown(row: Any) -> ShownEntry:
    fields = {}
    for key, kind in ((each["key"], each["type"]) for each in row.fields if each["key"] in row.field_values):
        value = row.field_values[key]
        fields[key] = (kind, in_texts(row, 6, text_field(key), value) if kind in TEXT_TYPES else value)
    return ShownEntry(row.id, row.type, row.handle, in_texts(row, 6, "title", row.title), fields)
