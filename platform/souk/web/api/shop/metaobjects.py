"""Entries that the merchant defined and shows: size charts, authors, materials."""

from __future__ import annotations

from typing import Any

from souk.catalog.metaobjects.errors import MetaobjectDefinitionMissing, MetaobjectMissing
from souk.catalog.metaobjects.queries import ShownEntry, is_shown, shown_by_handle, shown_of_type
from souk.kernel import ids
from souk.web.api.definition import shop_api
from souk.web.api.operations import Call
from souk.web.api.schemas.common import Nothing
from souk.web.api.schemas.metaobjects import EntryParameters, ShownEntries, ShownEntryView

_PREFIXES = {
    "product_reference": ids.PRODUCT, "variant_reference": ids.VARIANT, "collection_reference": ids.COLLECTION,
    "page_reference": ids.PAGE, "file_reference": ids.MEDIA, "metaobject_reference": ids.METAOBJECT,
}  # fmt: skip


@shop_api.operation(
    "GET",
    "/metaobjects/{metaobject_type}",
    summary="List the entries of a type by title",
    tag="products",
    takes=EntryParameters,
    answers=ShownEntries,
)
def list_entries(call: Call, query: EntryParameters) -> ShownEntries:
    kind, offset = call.path["metaobject_type"], (query.page - 1) * query.limit
    if not is_shown(call.session, kind):
        raise MetaobjectDefinitionMissing
    found, total = shown_of_type(call.session, kind, offset, query.limit)
    return ShownEntries(
        metaobjects=[_view(one) for one in found], total=total, page=query.page, limit=query.limit
    )  # fmt: skip


@shop_api.operation(
    "GET",
    "/metaobjects/{metaobject_type}/{metaobject_handle}",
    summary="Read an entry",
    tag="products",
    takes=Nothing,
    answers=ShownEntryView,
)
def read_entry(call: Call, _query: Nothing) -> ShownEntryView:
    handle = call.path["metaobject_handle"]
    found = shown_by_handle(call.session, call.path["metaobject_type"], [handle]).get(handle)
    if found is None:
        raise MetaobjectMissing
    return _view(found)


def _view(entry: ShownEntry) -> ShownEntryView:
    return ShownEntryView(
        id=ids.encode(ids.METAOBJECT, entry.id),
        type=entry.type,
        handle=entry.handle,
        title=entry.title,
        fields={key: _value(*pair) for key, pair in entry.fields.items()},
    )


def _value(kind: str, value: Any) -> Any:
    """Return a value as it is kept, references as ids."""
    prefix = _PREFIXES.get(kind.removeprefix("list."))
    if prefix is None:
        return value
    return [ids.encode(prefix, each) for each in value] if isinstance(value, list) else ids.encode(prefix, value)
