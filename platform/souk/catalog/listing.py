"""List products in a window with an order."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from souk.catalog.cards import CARD_COLUMNS, VISIBLE_CARDS, ProductCard, card_of, read_cards
from souk.catalog.filters import ProductFilters, condition, visible
from souk.catalog.models import CollectionProduct, Product
from souk.kernel.localized import LocalizedStatement
from souk.kernel.statement import Statement

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
    part = {"first": min(offset, MAX_OFFSET), "most": limit}
    if is_plain(filters):
        products = _plain_window(_order(filters, sort), filters.collection_id is not None).all(
            session, **part, **_members(filters)
        )
    else:
        products = read_cards(session, _filtered(filters, sort).offset(part["first"]).limit(limit))
    if offset == 0 and len(products) < limit:
        total = len(products)
    return Listing(tuple(products), count_products(session, filters) if total is None else total)


def is_plain(filters: ProductFilters) -> bool:
    """Say whether it is what most pages show: all that shoppers may see, of one collection or of the shop."""
    return filters == ProductFilters(filters.collection_id)


def _order(filters: ProductFilters, sort: str) -> str:
    own = "manual" if filters.collection_id is not None else "created-descending"
    return sort if sort in _ORDERS else own


def _members(filters: ProductFilters) -> dict[str, int]:
    return {} if filters.collection_id is None else {"collection_id": filters.collection_id}


@cache
def _plain_window(sort: str, within: bool) -> LocalizedStatement[ProductCard]:  # noqa: FBT001 - a part of the cache's key
    query = _within(VISIBLE_CARDS) if within else VISIBLE_CARDS
    order = _ORDERS.get(sort, (CollectionProduct.position, Product.id))
    window = query.order_by(*order).offset(bindparam("first")).limit(bindparam("most"))
    return LocalizedStatement(window, "product", Product.id, card_of)


@cache
def _plain_count(within: bool) -> Statement[Any]:  # noqa: FBT001 - as above
    query = select(func.count()).select_from(Product).where(visible())
    return Statement(_within(query) if within else query)


def _within(query: Select[Any]) -> Select[Any]:
    member = (CollectionProduct.product_id == Product.id) & (
        CollectionProduct.collection_id == bindparam("collection_id")
    )
    return query.join(CollectionProduct, member)


def _filtered(filters: ProductFilters, sort: str) -> Select[Any]:
    query = select(*CARD_COLUMNS).where(condition(filters))
    if sort not in _ORDERS and filters.collection_id is not None:
        return query.join(
            CollectionProduct,
            (CollectionProduct.product_id == Product.id) & (CollectionProduct.collection_id == filters.collection_id),
        ).order_by(CollectionProduct.position, Product.id)
    return query.order_by(*_ORDERS.get(sort, _ORDERS["created-descending"]))


def count_products(session: Session, filters: ProductFilters) -> int:
    """Return how many products the filters leave."""
    if is_plain(filters):
        return int(_plain_count(filters.collection_id is not None).scalar(session, **_members(filters)))
    return session.execute(select(func.count()).select_from(Product).where(condition(filters))).scalar_one()
