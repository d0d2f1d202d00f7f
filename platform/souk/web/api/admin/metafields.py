"""Metafields: define them, and write their values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.catalog.errors import VariantMissing
from souk.catalog.metafields.change import change_definition
from souk.catalog.metafields.define import (
    Definition,
    DefinitionDraft,
    define_metafield,
    delete_definition,
    list_definitions,
    read_definition,
)
from souk.catalog.metafields.types import write_text
from souk.catalog.metafields.write import read_metafields, write_metafields
from souk.catalog.models import Variant
from souk.catalog.update_product import touch_products
from souk.kernel import ids
from souk.kernel.errors import Invalid
from souk.kernel.events import Event
from souk.kernel.outbox import publish
from souk.search.metafield_facets import offer_metafield
from souk.web.api.definition import admin_api
from souk.web.api.encoding import encode
from souk.web.api.operations import Call
from souk.web.api.schemas.admin_metafields import (
    DefinitionChanges,
    DefinitionParameters,
    MetafieldChanges,
    MetafieldDefinitions,
    MetafieldDefinitionView,
    Metafields,
    NewDefinition,
)
from souk.web.api.schemas.common import Nothing
from souk.web.api.schemas.paging import Deleted

_SAME = ("owner_type", "namespace", "key", "name", "description", "type", "storefront")
_LIMITS = {"choices": "choices", "minimum": "min", "maximum": "max"}


class UndefinedMetafield(Invalid):
    """`field` is the `namespace.key` that has no definition."""

    code = "undefined_metafield"

    def __init__(self, full_key: str) -> None:
        super().__init__(f"No metafield {full_key[:130]!r} is defined here; define it first.", field=full_key[:130])


@admin_api.operation(
    "GET",
    "/metafield-definitions",
    summary="List the definitions of metafields",
    tag="metafields",
    takes=DefinitionParameters,
    answers=MetafieldDefinitions,
    access="admin",
    permission="read_products",
)
def list_metafield_definitions(call: Call, query: DefinitionParameters) -> MetafieldDefinitions:
    return MetafieldDefinitions(definitions=[_view(one) for one in list_definitions(call.session, query.owner_type)])


@admin_api.operation(
    "POST",
    "/metafield-definitions",
    summary="Define a metafield",
    tag="metafields",
    takes=NewDefinition,
    answers=MetafieldDefinitionView,
    status=201,
    access="admin",
    permission="write_products",
    problems={409: "`metafield_definition_taken`."},
)
def create_metafield_definition(call: Call, body: NewDefinition) -> MetafieldDefinitionView:
    limits = {key: getattr(body, name) for name, key in _LIMITS.items()} | {"metaobject": body.metaobject}
    draft = DefinitionDraft(
        **{name: getattr(body, name) for name in _SAME},
        validations={name: value for name, value in limits.items() if value is not None},
    )
    made = define_metafield(call.session, draft)
    offer_metafield(call.session, read_definition(call.session, made), offered=body.filterable)
    return _view(read_definition(call.session, made))


@admin_api.operation(
    "PATCH",
    "/metafield-definitions/{definition_id}",
    summary="Change a definition; what is left out stays, and so do the values written before",
    tag="metafields",
    takes=DefinitionChanges,
    answers=MetafieldDefinitionView,
    access="admin",
    permission="write_products",
)
def change_metafield_definition(call: Call, body: DefinitionChanges) -> MetafieldDefinitionView:
    definition_id = ids.decode(ids.METAFIELD, call.path["definition_id"])
    found, named = read_definition(call.session, definition_id), body.named()
    changes: dict[str, Any] = {name: named[name] for name in ("name", "description", "storefront") if name in named}
    limits = {_LIMITS[name]: value for name, value in named.items() if name in _LIMITS}
    kept = {**found.validations, **limits}
    changes["validations"] = {name: value for name, value in kept.items() if value is not None}
    change_definition(call.session, definition_id, changes)
    if "filterable" in named:
        offer_metafield(call.session, found, offered=named["filterable"])
    return _view(read_definition(call.session, definition_id))


@admin_api.operation(
    "DELETE",
    "/metafield-definitions/{definition_id}",
    summary="Delete a definition with all its values",
    tag="metafields",
    takes=Nothing,
    answers=Deleted,
    access="admin",
    permission="write_products",
)
def remove_metafield_definition(call: Call, _query: Nothing) -> Deleted:
    definition_id = ids.decode(ids.METAFIELD, call.path["definition_id"])
    found = read_definition(call.session, definition_id)
    delete_definition(call.session, definition_id)
    offer_metafield(call.session, found, offered=False)
    return Deleted(id=ids.encode(ids.METAFIELD, definition_id))


@admin_api.operation(
    "PATCH",
    "/products/{product_id}/metafields",
    summary="Write metafields of a product",
    tag="metafields",
    takes=MetafieldChanges,
    answers=Metafields,
    access="admin",
    permission="write_products",
)
def write_product_metafields(call: Call, body: MetafieldChanges) -> Metafields:
    product_id = ids.decode(ids.PRODUCT, call.path["product_id"])
    return _write(call.session, "product", product_id, body.metafields)


@admin_api.operation(
    "PATCH",
    "/variants/{variant_id}/metafields",
    summary="Write metafields of a variant",
    tag="metafields",
    takes=MetafieldChanges,
    answers=Metafields,
    access="admin",
    permission="write_products",
)
def write_variant_metafields(call: Call, body: MetafieldChanges) -> Metafields:
    variant_id = ids.decode(ids.VARIANT, call.path["variant_id"])
    return _write(call.session, "variant", variant_id, body.metafields)


@admin_api.operation(
    "PATCH",
    "/collections/{collection_id}/metafields",
    summary="Write metafields of a collection",
    tag="metafields",
    takes=MetafieldChanges,
    answers=Metafields,
    access="admin",
    permission="write_products",
)
def write_collection_metafields(call: Call, body: MetafieldChanges) -> Metafields:
    collection_id = ids.decode(ids.COLLECTION, call.path["collection_id"])
    return _write(call.session, "collection", collection_id, body.metafields)


def _write(session: Session, owner_type: str, owner_id: int, values: Mapping[str, Any]) -> Metafields:
    product_id = _product_of(session, owner_id) if owner_type == "variant" else owner_id
    if write_metafields(session, owner_type, owner_id, _typed(session, owner_type, values)):
        if owner_type == "collection":
            publish(session, Event("collection.updated", owner_id))
        else:
            touch_products(session, [product_id])
    return Metafields(metafields=read_metafields(session, owner_type, owner_id))


def _product_of(session: Session, variant_id: int) -> int:
    product_id = session.execute(select(Variant.product_id).where(Variant.id == variant_id)).scalar_one_or_none()
    if product_id is None:
        raise VariantMissing
    return product_id


def _typed(session: Session, owner_type: str, values: Mapping[str, Any]) -> dict[str, tuple[Definition, str]]:
    known = {one.full_key: one for one in list_definitions(session, owner_type)}
    for full_key in values:
        if full_key not in known:
            raise UndefinedMetafield(full_key)
    return {full_key: (known[full_key], _text(known[full_key], value)) for full_key, value in values.items()}


def _text(definition: Definition, value: Any) -> str:
    # The catalogue reads what a form would hold; a document of JSON keeps its shape.
    return encode(value) if definition.type == "json" and value is not None else write_text(value)


def _view(one: Definition) -> MetafieldDefinitionView:
    same: dict[str, Any] = {name: getattr(one, name) for name in (*_SAME, "filterable")}
    return MetafieldDefinitionView(**same, id=ids.encode(ids.METAFIELD, one.id), validations=dict(one.validations))
