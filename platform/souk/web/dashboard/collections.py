"""Collections: groups of products in the merchant's order."""

from __future__ import annotations

from typing import Any

from flask import request
from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.catalog.collections import delete_collection, save_collection
from souk.catalog.drafts import CollectionDraft
from souk.catalog.errors import CollectionMissing
from souk.catalog.models import Collection, CollectionProduct, Product
from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.order_reads import Rows
from souk.web.dashboard.pages import done, page
from souk.web.dashboard.product_reads import list_collections


@blueprint.get("/shops/<slug>/collections")
@in_shop()
def collections(access: ShopAccess) -> Answer:
    with transaction(access.scope, read_only=True) as session:
        rows = list_collections(session)
    return page("collections.html", rows=rows)


@blueprint.route("/shops/<slug>/collections/new", methods=["GET", "POST"])
@in_shop(Permission.CATALOG)
def new_collection(access: ShopAccess) -> Answer:
    if request.method == "GET":
        return page("collection.html", collection_id=None, form={"published": True}, products=[])
    return _save(access, None)


@blueprint.route("/shops/<slug>/collections/<int:collection_id>", methods=["GET", "POST"])
@in_shop(Permission.CATALOG)
def collection(access: ShopAccess, collection_id: int) -> Answer:
    if request.method == "POST":
        return _save(access, collection_id)
    with transaction(access.scope, read_only=True) as session:
        found = _read(session, collection_id)
        form = {
            "title": found.title, "handle": found.handle, "description_html": found.description_html,
            "published": found.published_at is not None,
        }  # fmt: skip
        members = _members(session, collection_id)
    return page("collection.html", collection_id=collection_id, form=form, products=members)


@blueprint.post("/shops/<slug>/collections/<int:collection_id>/delete")
@in_shop(Permission.CATALOG)
def remove_collection(access: ShopAccess, collection_id: int) -> Answer:
    with transaction(access.scope) as session:
        delete_collection(session, collection_id)
    return done("The collection is gone; its products stay.", "collections", access)


def _save(access: ShopAccess, collection_id: int | None) -> Answer:
    try:
        with transaction(access.scope) as session:
            saved = save_collection(session, _draft(session, collection_id), collection_id)
    except SoukError as error:
        form = request.form.to_dict()
        return page("collection.html", collection_id=collection_id, form=form, products=[], error=error), error.status
    return done("The collection is saved.", "collection", access, collection_id=saved)


def _draft(session: Session, collection_id: int | None) -> CollectionDraft:
    kept: dict[str, Any] = {} if collection_id is None else _kept(_read(session, collection_id))
    return CollectionDraft(
        title=request.form.get("title", ""),
        handle=request.form.get("handle", ""),
        description_html=request.form.get("description_html", ""),
        published="published" in request.form,
        **kept,
    )


def _kept(found: Collection) -> dict[str, Any]:
    return {"media_id": found.media_id, "sort_order": found.sort_order, "position": found.position}


def _read(session: Session, collection_id: int) -> Collection:
    found = session.get(Collection, collection_id)
    if found is None:
        raise CollectionMissing
    return found


def _members(session: Session, collection_id: int) -> Rows:
    return session.execute(
        select(Product.id, Product.title, Product.status)
        .join(CollectionProduct, CollectionProduct.product_id == Product.id)
        .where(CollectionProduct.collection_id == collection_id)
        .order_by(CollectionProduct.position, Product.id)
        .limit(500)
    ).all()
