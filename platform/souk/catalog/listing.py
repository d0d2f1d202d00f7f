"""List products in a window with an order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from souk.catalog.cards import CARD_COLUMNS, ProductCard, read_cards
from souk.catalog.filters import ProductFilters, condition
from souk.catalog.models import CollectionProduct, Product

MAX_OFFSET = 100_000
_ORDERS: dict[str, tuple[Any, ...]] = {
    "price-ascending": (Product.price_min.asc(), Product.id.asc()),
    "price-descending": (Product.price_min.desc(), Product.id.asc()),
    "title-ascending": (func.lower(Product.title).asc(), Product.id.asc()),
    "created-descending": (Product.published_at.desc(), Product.id.desc()),
    "rating": (Product.rating.desc(), Product.rating_count.desc(), Product.id.asc()),
    # Sales are not counted on the product row; how many reviewed it is the nearest measure a listing has.
    "best-selling": (Product.rating_count.desc(), Product.rating.desc(), Product.id.asc()),
    "updated-descending": (Product.updated_at.desc(), Product.id.desc()),
}
SORTS = ("manual", *_ORDERS)


@dataclass(frozen=True, slots=True)
class Listing:
    products: tuple[ProductCard, ...]
    total: int


def list_products(
    session: Session, filters: ProductFilters, sort: str = "manual", page: int = 1, limit: int = 24
) -> Listing:
    """Return a page of products and how many there are; an unknown `sort` means the collection's own order."""
    return list_window(session, filters, sort, (max(page, 1) - 1) * limit, limit)


def list_window(session: Session, filters: ProductFilters, sort: str, offset: int, limit: int) -> Listing:
    """As `list_products`, from `offset`: three queries however many products."""
    query = select(*CARD_COLUMNS).where(condition(filters))
    if sort not in _ORDERS and filters.collection_id is not None:
        query = query.join(
            CollectionProduct,
            (CollectionProduct.product_id == Product.id) & (CollectionProduct.collection_id == filters.collection_id),
        ).order_by(CollectionProduct.position, Product.id)
    else:
        query = query.order_by(*_ORDERS.get(sort, _ORDERS["created-descending"]))
    products = read_cards(session, query.offset(min(offset, MAX_OFFSET)).limit(limit))
    if offset == 0 and len(products) < limit:
        return Listing(tuple(products), len(products))
    total = session.execute(select(func.count()).select_from(Product).where(condition(filters))).scalar_one()
    return Listing(tuple(products), total)
