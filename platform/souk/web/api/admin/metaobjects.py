"""Entries of the kinds that the merchant defined."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from souk.catalog.metafields.types import write_text
from souk.catalog.metaobjects.define import EntryType, list_entry_types, read_entry_type
from souk.catalog.metaobjects.delete import delete_entry
from souk.catalog.metaobjects.errors import MetaobjectDefinitionMissing, MetaobjectInvalid
from souk.catalog.metaobjects.models import Metaobject
from souk.catalog.metaobjects.queries import Entry, entries_where, read_entry
from souk.catalog.metaobjects.save import EntryDraft, save_entry
from souk.kernel import ids
from souk.web.api.cursors import after, cursor_of
from souk.web.api.definition import admin_api
from souk.web.api.encoding import encode
from souk.web.api.operations import Call
from souk.web.api.schemas.common import Nothing
from souk.web.api.schemas.metaobjects import (
    MetaobjectChanges,
    MetaobjectParameters,
    Metaobjects,
    MetaobjectView,
    NewMetaobject,
)
from souk.web.api.schemas.paging import Deleted


@admin_api.operation(
    "GET",
    "/metaobjects",
    summary="List entries, newest first",
    tag="metafields",
    takes=MetaobjectParameters,
    answers=Metaobjects,
    access="admin",
    permission="read_products",
)
def list_metaobjects(call: Call, query: MetaobjectParameters) -> Metaobjects:
    where = after(Metaobject.id.expression, query.after)
    if query.type:
        where.append(Metaobject.definition_id == _kind(call.session, query.type).id)
    rows = entries_where(call.session, where, query.limit + 1)
    types = {each.id: each.type for each in list_entry_types(call.session)}
    shown = [_shown(row, types[row.definition_id]) for row in rows[: query.limit]]
    return Metaobjects(metaobjects=shown, next_cursor=cursor_of(rows, query.limit))


@admin_api.operation(
    "GET",
    "/metaobjects/{metaobject_id}",
    summary="Read an entry",
    tag="metafields",
    takes=Nothing,
    answers=MetaobjectView,
    access="admin",
    permission="read_products",
)
def read_metaobject(call: Call, _query: Nothing) -> MetaobjectView:
    return _view(call.session, read_entry(call.session, _id_of(call)))


@admin_api.operation(
    "POST",
    "/metaobjects",
    summary="Make an entry",
    tag="metafields",
    takes=NewMetaobject,
    answers=MetaobjectView,
    status=201,
    access="admin",
    permission="write_products",
)
def create_metaobject(call: Call, body: NewMetaobject) -> MetaobjectView:
    kind = _kind(call.session, body.type)
    draft = EntryDraft(body.title, body.handle, body.status, _typed(kind, body.fields))
    return _view(call.session, read_entry(call.session, save_entry(call.session, kind, draft)))


@admin_api.operation(
    "PATCH",
    "/metaobjects/{metaobject_id}",
    summary="Change an entry; what is left out stays",
    tag="metafields",
    takes=MetaobjectChanges,
    answers=MetaobjectView,
    access="admin",
    permission="write_products",
)
def change_metaobject(call: Call, body: MetaobjectChanges) -> MetaobjectView:
    found, named = read_entry(call.session, _id_of(call)), body.named()
    kind = read_entry_type(call.session, found.definition_id)
    texts = {name: str(named.get(name, getattr(found, name))) for name in ("title", "handle", "status")}
    save_entry(call.session, kind, EntryDraft(**texts, values=_typed(kind, named.get("fields", {}))), found.id)
    return _view(call.session, read_entry(call.session, found.id))


@admin_api.operation(
    "DELETE",
    "/metaobjects/{metaobject_id}",
    summary="Delete an entry, also from what refers to it",
    tag="metafields",
    takes=Nothing,
    answers=Deleted,
    access="admin",
    permission="write_products",
)
def remove_metaobject(call: Call, _query: Nothing) -> Deleted:
    entry_id = _id_of(call)
    delete_entry(call.session, entry_id)
    return Deleted(id=ids.encode(ids.METAOBJECT, entry_id))


def _kind(session: Session, name: str) -> EntryType:
    try:
        return read_entry_type(session, name)
    except MetaobjectDefinitionMissing as error:
        # It is a value of the request and no part of its address.
        raise MetaobjectInvalid("type", error.detail) from None


def _id_of(call: Call) -> int:
    return ids.decode(ids.METAOBJECT, call.path["metaobject_id"])


def _typed(kind: EntryType, values: Mapping[str, Any]) -> dict[str, str]:
    types = {each.key: each.type for each in kind.fields}
    for key in values:
        if key not in types:
            raise MetaobjectInvalid(key[:64], f"Entries of {kind.type} have no field {key[:64]!r}.")
    # As with metafields: the catalogue reads what a form would hold; a document of JSON keeps its shape.
    return {
        key: encode(value) if types[key] == "json" and value is not None else write_text(value)
        for key, value in values.items()
    }


def _view(session: Session, entry: Entry) -> MetaobjectView:
    return _shown(entry, read_entry_type(session, entry.definition_id).type)


def _shown(entry: Entry, kind: str) -> MetaobjectView:
    return MetaobjectView.model_construct(
        id=ids.encode(ids.METAOBJECT, entry.id),
        type=kind,
        handle=entry.handle,
        title=entry.title,
        status=entry.status,
        fields=dict(entry.values),
        updated_at=entry.updated_at,
    )
