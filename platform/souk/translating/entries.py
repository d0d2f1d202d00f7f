"""The texts of the entries that a merchant defined, for translation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.catalog.metaobjects.models import Metaobject, MetaobjectDefinition
from souk.catalog.metaobjects.queries import TEXT_TYPES, text_field

MAX_ENTRIES = 2_000
# (field, source, whether it is HTML)
EntryText = tuple[str, str, bool]


def read_entry_texts(
    session: Session, ids: Sequence[int] | None, words: str
) -> Iterator[tuple[int, str, list[EntryText]]]:
    """Yield id, title and texts of each entry by title: of those named, else of the first 2,000 that hold the words."""
    kind = MetaobjectDefinition
    columns = (Metaobject.id, Metaobject.title, kind.fields, Metaobject.field_values)
    query = select(*columns).join(kind, kind.id == Metaobject.definition_id)
    if ids is not None:
        query = query.where(Metaobject.id.in_(ids))
    if words:
        query = query.where(Metaobject.title.icontains(words, autoescape=True))
    for row in session.execute(query.order_by(Metaobject.title, Metaobject.id).limit(MAX_ENTRIES)):
        yield row.id, row.title, [("title", row.title, False), *_texts(row.fields, row.field_values)]


def _texts(fields: Sequence[Mapping[str, Any]], values: Mapping[str, Any]) -> Iterator[EntryText]:
    for each in fields:
        value = values.get(each["key"])
        if each["type"] in TEXT_TYPES and isinstance(value, str):
            yield text_field(each["key"]), value, each["type"] == "rich_text_field"
