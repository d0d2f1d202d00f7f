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
# Each is the order of an index of products, read from one end: a page of a large shop sorts nothing.
_ORDERS: dict[str, tuple[Any, ...]] = {
    "price-ascending": (Product.price_min.asc(), Product.id.asc()),
    "price-descending": (Product.price_min.desc(), Product.id.desc()),
    "title-ascending": (func.lower(Product.title).asc(), Product.id.asc()),
    "created-descending": (Product.published_at.desc(), Product.id.desc()),
    "rating": (Product.rating.desc(), Product.rating_count.desc(), Product.id.desc()),
    "best-selling": (Product.units_sold.desc(), Product.id.desc()),
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


def list_window(  # noqa: PLR0917 - what, in which order, which part
    session: Session, filters: ProductFilters, sort: str, offset: int, limit: int, total: int | None = None
) -> Listing:
    """As `list_products`, from `offset`; `total` is what the caller knows already, and is counted otherwise."""
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
        total = len(products)
    return Listing(tuple(products), count_products(session, filters) if total is None else total)


def count_products(session: Session, filters: ProductFilters) -> int:
    """Return how many products the filters leave."""
    return session.execute(select(func.count()).select_from(Product).where(condition(filters))).scalar_one()
