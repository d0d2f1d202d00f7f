"""The products of a collection arranged by hand: found and added, and put in order by dragging or by numbers."""

from __future__ import annotations

from flask import request
from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.catalog.collections import set_collection_products
from souk.catalog.models import CollectionProduct, Product
from souk.catalog.place_products import place_products
from souk.kernel.db import transaction
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.order_reads import Rows
from souk.web.dashboard.pages import done
from souk.web.dashboard.product_query import ProductQuery

MAX_MEMBERS = 500
MAX_FOUND = 20


@blueprint.post("/shops/<slug>/collections/<int:collection_id>/order")
@in_shop(Permission.CATALOG)
def order_collection(access: ShopAccess, collection_id: int) -> Answer:
    with transaction(access.scope) as session:
        members = [row.id for row in members_of(session, collection_id)]
        places = {product_id: _place(product_id, index) for index, product_id in enumerate(members)}
        kept = [product_id for product_id in members if f"drop-{product_id}" not in request.form]
        # What is beyond the page keeps its place after it.
        rest = _ids_after(session, collection_id, len(members))
        set_collection_products(session, collection_id, [*sorted(kept, key=lambda each: places[each]), *rest])
    return done("The order is saved.", "collection", access, collection_id=collection_id)


@blueprint.post("/shops/<slug>/collections/<int:collection_id>/products")
@in_shop(Permission.CATALOG)
def add_to_collection(access: ShopAccess, collection_id: int) -> Answer:
    ids = [int(text) for text in request.form.getlist("add") if text.isascii() and text.isdecimal() and len(text) < 16]  # noqa: PLR2004 - a bigint
    with transaction(access.scope) as session:
        count = place_products(session, collection_id, ids[:MAX_FOUND])
    said = "The product is" if count == 1 else f"{count} products are"
    words = request.form.get("q", "")
    return done(f"{said} added at the end.", "collection", access, collection_id=collection_id, q=words or None)


def _place(product_id: int, index: int) -> tuple[int, int]:
    text = request.form.get(f"order-{product_id}", "")
    return (int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else index + 1), index  # noqa: PLR2004


def members_of(session: Session, collection_id: int) -> Rows:
    return session.execute(
        select(Product.id, Product.title, Product.status)
        .join(CollectionProduct, CollectionProduct.product_id == Product.id)
        .where(CollectionProduct.collection_id == collection_id)
        .order_by(CollectionProduct.position, Product.id)
        .limit(MAX_MEMBERS)
    ).all()


def find_others(session: Session, collection_id: int, words: str) -> Rows:
    """Return (id, title, vendor, status) of products outside the collection, by title, vendor, SKU or barcode."""
    inside = select(CollectionProduct.product_id).where(CollectionProduct.collection_id == collection_id)
    query = ProductQuery(q=words)
    found = select(Product.id, Product.title, Product.vendor, Product.status)
    found = found.where(*query.conditions(), Product.id.not_in(inside)).order_by(*query.order())
    return session.execute(found.limit(MAX_FOUND)).all()


def _ids_after(session: Session, collection_id: int, start: int) -> list[int]:
    member = CollectionProduct
    query = select(member.product_id).where(member.collection_id == collection_id)
    return list(session.scalars(query.order_by(member.position, member.product_id).offset(start)))
