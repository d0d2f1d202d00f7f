"""Read products for the dashboard: drafts and archived ones too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from souk.catalog.models import Collection, CollectionProduct, Product, ProductMedia, Variant
from souk.inventory.models import InventoryLevel
from souk.media.models import Media
from souk.web.dashboard.order_reads import Rows
from souk.web.dashboard.pages import PER_PAGE
from souk.web.dashboard.product_query import ProductQuery

FIRST_PICTURE = (
    select(Media.storage_key)
    .join(ProductMedia, ProductMedia.media_id == Media.id)
    .where(ProductMedia.product_id == Product.id)
    .order_by(ProductMedia.position, ProductMedia.id)
    .limit(1)
    .correlate(Product)
    .scalar_subquery()
)
_VARIANTS = select(func.count(Variant.id)).where(Variant.product_id == Product.id).correlate(Product).scalar_subquery()
_LIST: tuple[Any, ...] = (
    Product.id, Product.title, Product.vendor, Product.status, Product.price_min, Product.price_max,
    Product.available, Product.published_at, Product.scheduled, _VARIANTS.label("variants"),
    FIRST_PICTURE.label("picture"),
)  # fmt: skip
_VARIANT: tuple[Any, ...] = (*Variant.__table__.c, func.coalesce(InventoryLevel.on_hand, 0).label("on_hand"))


def list_products(session: Session, query: ProductQuery, page: int) -> tuple[Rows, int]:
    """Return one page and the number of all that match."""
    wanted = query.conditions()
    found = select(*_LIST).where(*wanted).order_by(*query.order())
    rows = session.execute(found.limit(PER_PAGE).offset((page - 1) * PER_PAGE)).all()
    return rows, session.execute(select(func.count(Product.id)).where(*wanted)).scalar_one()


def matching_ids(session: Session, query: ProductQuery, limit: int) -> list[int]:
    """Return the ids of at most `limit` products of a list, in id order."""
    return list(session.scalars(select(Product.id).where(*query.conditions()).order_by(Product.id).limit(limit)))


def read_product(session: Session, product_id: int) -> Any | None:
    return session.execute(select(*Product.__table__.c).where(Product.id == product_id)).first()


def variants_of(
    session: Session,
    product_id: int,
    wanted: Sequence[ColumnElement[bool]] = (),
    offset: int | None = None,
    limit: int | None = None,
) -> Rows:
    """Return the variants in order, with what the first location has on hand."""
    first = select(func.min(InventoryLevel.location_id)).where(InventoryLevel.variant_id == Variant.id)
    level = (InventoryLevel.variant_id == Variant.id) & (
        InventoryLevel.location_id == first.correlate(Variant).scalar_subquery()
    )
    query = select(*_VARIANT).outerjoin(InventoryLevel, level).where(Variant.product_id == product_id, *wanted)
    ordered = query.order_by(Variant.position, Variant.id)
    return session.execute(ordered.offset(offset).limit(limit)).all()


def list_collections(session: Session) -> Rows:
    """Return (id, title, handle, published_at, automated, products) of every collection, hidden ones too."""
    return session.execute(
        select(
            Collection.id, Collection.title, Collection.handle, Collection.published_at,
            Collection.rules.is_not(None).label("automated"),
            func.count(CollectionProduct.id).label("products"),
        )
        .outerjoin(CollectionProduct, CollectionProduct.collection_id == Collection.id)
        .group_by(Collection.id)
        .order_by(Collection.position, Collection.title)
    ).all()  # fmt: skip


def collection_ids_of(session: Session, product_id: int) -> set[int]:
    query = select(CollectionProduct.collection_id).where(CollectionProduct.product_id == product_id)
    return set(session.scalars(query))
