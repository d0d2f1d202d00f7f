"""Kinds of entries that the merchant defines: size charts, authors, materials."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from souk.catalog.metaobjects.change import change_metaobject_definition, delete_metaobject_definition
from souk.catalog.metaobjects.define import (
    EntryField,
    EntryType,
    EntryTypeDraft,
    define_metaobject,
    list_entry_types,
    read_entry_type,
)
from souk.kernel import ids
from souk.web.api.definition import admin_api
from souk.web.api.operations import Call
from souk.web.api.schemas.common import Nothing
from souk.web.api.schemas.metaobjects import (
    MetaobjectDefinitionChanges,
    MetaobjectDefinitions,
    MetaobjectDefinitionView,
    MetaobjectField,
    NewMetaobjectDefinition,
)
from souk.web.api.schemas.paging import Deleted

_SAME = ("key", "name", "type", "description", "required")
_LIMITS = {"choices": "choices", "minimum": "min", "maximum": "max", "metaobject": "metaobject"}


@admin_api.operation(
    "GET",
    "/metaobject-definitions",
    summary="List the kinds of entries that the shop has defined",
    tag="metafields",
    takes=Nothing,
    answers=MetaobjectDefinitions,
    access="admin",
    permission="read_products",
)
def list_metaobject_definitions(call: Call, _query: Nothing) -> MetaobjectDefinitions:
    return MetaobjectDefinitions(definitions=[_view(one) for one in list_entry_types(call.session)])


@admin_api.operation(
    "POST",
    "/metaobject-definitions",
    summary="Define a kind of entry",
    tag="metafields",
    takes=NewMetaobjectDefinition,
    answers=MetaobjectDefinitionView,
    status=201,
    access="admin",
    permission="write_products",
    problems={409: "`metaobject_definition_taken`."},
)
def create_metaobject_definition(call: Call, body: NewMetaobjectDefinition) -> MetaobjectDefinitionView:
    draft = EntryTypeDraft(body.type, body.name, body.description, _fields(body.fields), body.storefront)
    return _view(read_entry_type(call.session, define_metaobject(call.session, draft)))


@admin_api.operation(
    "PATCH",
    "/metaobject-definitions/{metaobject_definition_id}",
    summary="Change a kind of entry; what is left out stays",
    tag="metafields",
    takes=MetaobjectDefinitionChanges,
    answers=MetaobjectDefinitionView,
    access="admin",
    permission="write_products",
)
def change_entry_type(call: Call, body: MetaobjectDefinitionChanges) -> MetaobjectDefinitionView:
    definition_id, changes = _id_of(call), body.named()
    if "fields" in changes:
        changes["fields"] = _fields(body.fields)
    change_metaobject_definition(call.session, definition_id, changes)
    return _view(read_entry_type(call.session, definition_id))


@admin_api.operation(
    "DELETE",
    "/metaobject-definitions/{metaobject_definition_id}",
    summary="Delete a kind of entry with all its entries",
    tag="metafields",
    takes=Nothing,
    answers=Deleted,
    access="admin",
    permission="write_products",
    problems={409: "`metaobject_definition_used`: a metafield refers to its entries."},
)
def remove_metaobject_definition(call: Call, _query: Nothing) -> Deleted:
    definition_id = _id_of(call)
    delete_metaobject_definition(call.session, definition_id)
    return Deleted(id=ids.encode(ids.METAOBJECT_DEFINITION, definition_id))


def _id_of(call: Call) -> int:
    return ids.decode(ids.METAOBJECT_DEFINITION, call.path["metaobject_definition_id"])


def _fields(given: Sequence[MetaobjectField]) -> list[EntryField]:
    return [
        EntryField(
            **{name: getattr(each, name) for name in _SAME},
            validations={key: value for name, key in _LIMITS.items() if (value := getattr(each, name)) is not None},
        )
        for each in given
    ]


def _view(one: EntryType) -> MetaobjectDefinitionView:
    return MetaobjectDefinitionView(
        id=ids.encode(ids.METAOBJECT_DEFINITION, one.id),
        type=one.type,
        name=one.name,
        description=one.description,
        fields=[_field_view(each) for each in one.fields],
        storefront=one.storefront,
        entries=one.entries,
    )


def _field_view(each: EntryField) -> MetaobjectField:
    same: dict[str, Any] = {name: getattr(each, name) for name in _SAME}
    limits = {name: _whole(each.validations.get(key)) for name, key in _LIMITS.items()}
    return MetaobjectField.model_construct(**same, **limits)


def _whole(limit: Any) -> Any:
    # A form of the dashboard keeps limits of numbers as texts.
    return int(limit) if isinstance(limit, str) and limit.removeprefix("-").isdecimal() else limit
