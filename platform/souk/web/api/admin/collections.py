"""Collections: list, read, make, change, delete."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.orm import Session

from souk.catalog.collections import delete_collection, save_collection
from souk.catalog.drafts import CollectionDraft
from souk.catalog.errors import CollectionMissing
from souk.catalog.models import Collection, CollectionProduct, Product
from souk.kernel import ids
from souk.kernel.errors import Conflict
from souk.media.models import Media
from souk.web.api.admin.references import known_ids
from souk.web.api.cursors import after, cursor_of
from souk.web.api.definition import admin_api
from souk.web.api.operations import Call
from souk.web.api.schemas.admin_collections import (
    AdminCollection,
    AdminCollectionPage,
    CollectionChanges,
    CollectionParameters,
    NewCollection,
)
from souk.web.api.schemas.common import Nothing
from souk.web.api.schemas.paging import Deleted

_COUNT = (
    select(func.count()).where(CollectionProduct.collection_id == Collection.id).correlate(Collection).scalar_subquery()
)
_COLUMNS: tuple[Any, ...] = (
    Collection.id, Collection.handle, Collection.title, Collection.description_html, Collection.media_id,
    Collection.sort_order, Collection.position, Collection.published_at, Collection.rules, Collection.metafields,
    Collection.template_suffix, Collection.seo_title,
    Collection.seo_description, Collection.created_at, Collection.updated_at, _COUNT.label("products_count"),
)  # fmt: skip
_SAME = (
    "handle", "title", "description_html", "sort_order", "published_at", "rules", "metafields", "products_count",
    "template_suffix", "created_at", "updated_at",
)  # fmt: skip


class KeptByRules(Conflict):
    code = "collection_kept_by_rules"

    def __init__(self) -> None:
        super().__init__("Rules choose the products of this collection; leave product_ids out.")


@admin_api.operation(
    "GET",
    "/collections",
    summary="List collections, newest first",
    tag="collections",
    takes=CollectionParameters,
    answers=AdminCollectionPage,
    access="admin",
    permission="read_products",
)
def list_collections(call: Call, query: CollectionParameters) -> AdminCollectionPage:
    where = after(Collection.id.expression, query.after)
    if query.handle:
        where.append(Collection.handle == query.handle)
    rows = _rows(call.session, where, query.limit + 1)
    shown = [_view(row) for row in rows[: query.limit]]
    return AdminCollectionPage(collections=shown, next_cursor=cursor_of(rows, query.limit))


@admin_api.operation(
    "GET",
    "/collections/{collection_id}",
    summary="Read a collection",
    tag="collections",
    takes=Nothing,
    answers=AdminCollection,
    access="admin",
    permission="read_products",
)
def read_collection(call: Call, _query: Nothing) -> AdminCollection:
    return _view(_row(call.session, ids.decode(ids.COLLECTION, call.path["collection_id"])))


@admin_api.operation(
    "POST",
    "/collections",
    summary="Make a collection that is arranged by hand",
    tag="collections",
    takes=NewCollection,
    answers=AdminCollection,
    status=201,
    access="admin",
    permission="write_products",
)
def create_collection(call: Call, body: NewCollection) -> AdminCollection:
    named = {name: getattr(body, name) for name in type(body).model_fields}
    draft = CollectionDraft(**_decoded(call.session, named))
    return _view(_row(call.session, save_collection(call.session, draft)))


@admin_api.operation(
    "PATCH",
    "/collections/{collection_id}",
    summary="Change a collection; what is left out stays as it is",
    tag="collections",
    takes=CollectionChanges,
    answers=AdminCollection,
    access="admin",
    permission="write_products",
    problems={409: "`collection_kept_by_rules`."},
)
def change_collection(call: Call, body: CollectionChanges) -> AdminCollection:
    collection_id = ids.decode(ids.COLLECTION, call.path["collection_id"])
    row = _row(call.session, collection_id, lock=True)
    if row.rules is not None and "product_ids" in body.model_fields_set:
        raise KeptByRules
    names = ("title", "handle", "description_html", "sort_order", "position", "seo_title", "seo_description",
             "template_suffix", "rules")  # fmt: skip
    kept = {name: getattr(row, name) for name in names}
    present = {**kept, "media_id": row.media_id, "published": row.published_at is not None}
    draft = CollectionDraft(**(present | _decoded(call.session, body.named())))
    save_collection(call.session, draft, collection_id)
    return _view(_row(call.session, collection_id))


@admin_api.operation(
    "DELETE",
    "/collections/{collection_id}",
    summary="Delete a collection; its products stay",
    tag="collections",
    takes=Nothing,
    answers=Deleted,
    access="admin",
    permission="write_products",
)
def remove_collection(call: Call, _query: Nothing) -> Deleted:
    collection_id = ids.decode(ids.COLLECTION, call.path["collection_id"])
    delete_collection(call.session, collection_id)
    return Deleted(id=ids.encode(ids.COLLECTION, collection_id))


def _decoded(session: Session, named: Mapping[str, Any]) -> dict[str, Any]:
    values = dict(named)
    if "product_ids" in values:
        values["product_ids"] = tuple(known_ids(session, "product_ids", ids.PRODUCT, values["product_ids"], Product.id))
    if values.get("media_id"):
        values["media_id"] = known_ids(session, "media_id", ids.MEDIA, [values["media_id"]], Media.id)[0]
    return values


def _rows(session: Session, where: Sequence[ColumnElement[bool]], limit: int) -> Sequence[Row[Any]]:
    return session.execute(select(*_COLUMNS).where(*where).order_by(Collection.id.desc()).limit(limit)).all()


def _row(session: Session, collection_id: int, *, lock: bool = False) -> Row[Any]:
    query = select(*_COLUMNS).where(Collection.id == collection_id)
    row = session.execute(query.with_for_update(of=Collection) if lock else query).first()
    if row is None:
        raise CollectionMissing
    return row


def _view(row: Row[Any]) -> AdminCollection:
    return AdminCollection(
        **{name: getattr(row, name) for name in _SAME},
        id=ids.encode(ids.COLLECTION, row.id),
        media_id=None if row.media_id is None else ids.encode(ids.MEDIA, row.media_id),
    )
