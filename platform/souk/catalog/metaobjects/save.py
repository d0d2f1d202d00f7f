"""Write one entry, its values checked by the fields of its kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import insert, select, text, update
from sqlalchemy.orm import Session

from souk.catalog.handles import slugify
from souk.catalog.metafields.errors import MetafieldInvalid
from souk.catalog.metafields.write import checked_value
from souk.catalog.metaobjects.define import EntryType
from souk.catalog.metaobjects.errors import MetaobjectInvalid, MetaobjectMissing
from souk.catalog.metaobjects.models import STATUSES, Metaobject
from souk.kernel import clock
from souk.kernel.db import scope_of
from souk.kernel.events import Event
from souk.kernel.outbox import publish

MAX_TITLE = 255


@dataclass(frozen=True, slots=True)
class EntryDraft:
    """`values`: what was typed by the key of a field; empty text takes a value away, a key left out stays.

    Without a handle the title makes one.
    """

    title: str
    handle: str = ""
    status: str = "active"
    values: Mapping[str, str] = field(default_factory=dict)


def save_entry(session: Session, kind: EntryType, draft: EntryDraft, entry_id: int | None = None) -> int:
    """Store a new entry or change one, and return its id.

    Raises MetaobjectInvalid, MetafieldInvalid, MetaobjectMissing.
    """
    _check(draft)
    before = _stored(session, kind, entry_id) if entry_id else {}
    columns = {
        "title": draft.title.strip(),
        "handle": _free_handle(session, kind, slugify(draft.handle or draft.title, kind.type), entry_id),
        "status": draft.status,
        "field_values": _values(session, kind, before, draft.values),
        "updated_at": clock.now(),
    }
    if entry_id:
        session.execute(update(Metaobject).where(Metaobject.id == entry_id).values(columns))
    else:
        row = insert(Metaobject).values(definition_id=kind.id, **columns)
        entry_id = session.execute(row.returning(Metaobject.id)).scalar_one()
    publish(session, Event("metaobject.updated", entry_id, {"type": kind.type, "handle": columns["handle"]}))
    return entry_id


def _check(draft: EntryDraft) -> None:
    if not 0 < len(draft.title.strip()) <= MAX_TITLE or not draft.title.isprintable():
        raise MetaobjectInvalid("title", f"Give the entry a title of 1 to {MAX_TITLE} characters.")
    if draft.status not in STATUSES:
        raise MetaobjectInvalid("status", f"Choose a status: {' or '.join(STATUSES)}.")


def _stored(session: Session, kind: EntryType, entry_id: int) -> dict[str, Any]:
    own = (Metaobject.id == entry_id, Metaobject.definition_id == kind.id)
    found = session.execute(select(Metaobject.field_values).where(*own).with_for_update()).scalar_one_or_none()
    if found is None:
        raise MetaobjectMissing
    return dict(found)


def _values(session: Session, kind: EntryType, before: Mapping[str, Any], typed: Mapping[str, str]) -> dict[str, Any]:
    known = {each.key for each in kind.fields}
    unknown = next((key[:64] for key in typed if key not in known), None)
    if unknown is not None:
        raise MetaobjectInvalid(unknown, f"Entries of {kind.type} have no field {unknown!r}.")
    values = dict(before)
    for each in kind.fields:
        definition = each.as_definition()
        if each.key in typed:
            values[each.key] = checked_value(session, definition, typed[each.key])
        if values.get(each.key) is None:
            values.pop(each.key, None)
            if each.required:
                raise MetafieldInvalid(each.name, f"m-{definition.full_key}", "fill it in; every entry needs it.")
    return values


def _free_handle(session: Session, kind: EntryType, wanted: str, own: int | None) -> str:
    """Return `wanted`, or it with a number where another entry of the kind has it.

    The name is locked until the transaction ends: two saves at once get two names.
    """
    lock = text("SELECT pg_advisory_xact_lock(:tenant, hashtext(:name))")
    name = f"metaobject:{kind.type}:{wanted}"
    session.execute(lock, {"tenant": scope_of(session).tenant_id, "name": name})
    column = Metaobject.handle
    taken = select(column).where(Metaobject.definition_id == kind.id, Metaobject.id != (own or 0))
    names = set(session.scalars(taken.where(column.startswith(wanted, autoescape=True))))
    if wanted not in names:
        return wanted
    return next(each for each in (f"{wanted}-{n}" for n in range(2, len(names) + 3)) if each not in names)
