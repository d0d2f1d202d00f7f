"""Read products for the dashboard: drafts and archived ones too."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from souk.catalog.models import Collection, CollectionProduct, Product, ProductMedia, Variant
from souk.inventory.models import InventoryLevel
from souk.media.models import Media
from souk.web.dashboard.order_reads import Rows
from souk.web.dashboard.pages import PER_PAGE

_FIRST_PICTURE = (
    select(Media.storage_key)
    .join(ProductMedia, ProductMedia.media_id == Media.id)
    .where(ProductMedia.product_id == Product.id)
    .order_by(ProductMedia.position, ProductMedia.id)
    .limit(1)
    .correlate(Product)
    .scalar_subquery()
)
_LIST: tuple[Any, ...] = (
    Product.id, Product.title, Product.vendor, Product.status, Product.price_min, Product.price_max,
    Product.available, _FIRST_PICTURE.label("picture"),
)  # fmt: skip
_VARIANT: tuple[Any, ...] = (*Variant.__table__.c, func.coalesce(InventoryLevel.on_hand, 0).label("on_hand"))


def list_products(session: Session, *, query: str, status: str, page: int) -> tuple[Rows, int]:
    """Return one page by title, and the number of all that match in title, vendor or SKU."""
    wanted = [Product.status == status] if status else []
    if query:
        pattern = f"%{query.lower()}%"
        with_sku = select(Variant.product_id).where(func.lower(Variant.sku).like(pattern))
        text = or_(func.lower(Product.title).like(pattern), func.lower(Product.vendor).like(pattern))
        wanted.append(or_(text, Product.id.in_(with_sku)))
    by_title = select(*_LIST).where(*wanted).order_by(Product.title, Product.id)
    rows = session.execute(by_title.limit(PER_PAGE).offset((page - 1) * PER_PAGE)).all()
    return rows, session.execute(select(func.count(Product.id)).where(*wanted)).scalar_one()


def read_product(session: Session, product_id: int) -> Any | None:
    return session.execute(select(*Product.__table__.c).where(Product.id == product_id)).first()


def variants_of(session: Session, product_id: int) -> Rows:
    """Return the variants in order, with what the first location has on hand."""
    first = select(func.min(InventoryLevel.location_id)).where(InventoryLevel.variant_id == Variant.id)
    level = (InventoryLevel.variant_id == Variant.id) & (
        InventoryLevel.location_id == first.correlate(Variant).scalar_subquery()
    )
    return session.execute(
        select(*_VARIANT)
        .outerjoin(InventoryLevel, level)
        .where(Variant.product_id == product_id)
        .order_by(Variant.position, Variant.id)
    ).all()


def pictures_of(session: Session, product_id: int) -> Rows:
    return session.execute(
        select(ProductMedia.media_id, ProductMedia.alt, Media.storage_key)
        .join(Media, Media.id == ProductMedia.media_id)
        .where(ProductMedia.product_id == product_id)
        .order_by(ProductMedia.position, ProductMedia.id)
    ).all()


def list_collections(session: Session) -> Rows:
    """Return (id, title, handle, published_at, products) of every collection, hidden ones too."""
    return session.execute(
        select(
            Collection.id, Collection.title, Collection.handle, Collection.published_at,
            func.count(CollectionProduct.id).label("products"),
        )
        .outerjoin(CollectionProduct, CollectionProduct.collection_id == Collection.id)
        .group_by(Collection.id)
        .order_by(Collection.position, Collection.title)
    ).all()  # fmt: skip


def collection_ids_of(session: Session, product_id: int) -> set[int]:
    query = select(CollectionProduct.collection_id).where(CollectionProduct.product_id == product_id)
    return set(session.scalars(query))
