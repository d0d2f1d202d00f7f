"""Which products a listing shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, and_, any_, cast, func, literal, or_, select, true
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import aliased

from souk.catalog.models import Category, CollectionProduct, Product, Variant
from souk.kernel.columns import this_moment

MAX_WORDS = 8


@dataclass(frozen=True, slots=True)
class ProductFilters:
    """Prices are minor units and meet the lowest price; values within one list are alternatives.

    `category` is a handle and takes in what lies below it. `status` None means what shoppers may see.
    """

    collection_id: int | None = None
    terms: str = ""
    category: str = ""
    vendors: tuple[str, ...] = ()
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    price_min: int | None = None
    price_max: int | None = None
    available: bool = False
    rating_min: int | None = None
    ids: tuple[int, ...] | None = None
    status: str | None = None
    any_status: bool = False


def visible() -> ColumnElement[bool]:
    return and_(Product.status == "active", Product.published_at <= this_moment())


def base_condition(filters: ProductFilters) -> ColumnElement[bool]:
    """Return what holds whatever the shopper chooses: the collection, the search, the status."""
    parts: list[ColumnElement[bool]] = []
    if filters.status is not None:
        parts.append(Product.status == filters.status)
    elif not filters.any_status:
        parts.append(visible())
    if filters.collection_id is not None:
        members = select(CollectionProduct.product_id).where(CollectionProduct.collection_id == filters.collection_id)
        parts.append(Product.id.in_(members))
    if filters.ids is not None:
        parts.append(Product.id.in_(filters.ids))
    if filters.tags:
        parts.append(Product.tags.overlap(list(filters.tags)))
    parts.extend(_word(word) for word in filters.terms.split()[:MAX_WORDS])
    return and_(true(), *parts)


def _word(word: str) -> ColumnElement[bool]:
    skus = select(Variant.product_id).where(or_(Variant.sku == word, Variant.barcode == word))
    return or_(
        Product.title.icontains(word, autoescape=True),
        Product.vendor.icontains(word, autoescape=True),
        Product.product_type.icontains(word, autoescape=True),
        literal(word) == any_(Product.tags),
        Product.id.in_(skus),
    )


def chosen_conditions(filters: ProductFilters) -> dict[str, ColumnElement[bool]]:
    """Return the shopper's choices by the name of their filter."""
    chosen: dict[str, ColumnElement[bool]] = {}
    if filters.vendors:
        chosen["brand"] = Product.vendor.in_(filters.vendors)
    if filters.category:
        chosen["category"] = _below(filters.category)
    if filters.price_min is not None or filters.price_max is not None:
        low, high = filters.price_min or 0, filters.price_max
        chosen["price"] = and_(Product.price_min >= low, true() if high is None else Product.price_min <= high)
    if filters.available:
        chosen["available"] = Product.available.is_(True)
    if filters.rating_min is not None:
        chosen["rating"] = Product.rating >= filters.rating_min
    for name, values in filters.options.items():
        chosen[f"option.{name}"] = or_(*(_has_option(name, value) for value in values))
    return chosen


def condition(filters: ProductFilters) -> ColumnElement[bool]:
    return and_(base_condition(filters), *chosen_conditions(filters).values())


def _has_option(name: str, value: str) -> ColumnElement[bool]:
    return Product.options.contains(cast([{"name": name, "values": [value]}], JSONB))


def _below(handle: str) -> ColumnElement[bool]:
    root, node = aliased(Category), aliased(Category)
    depth = func.cardinality(root.path)
    query = select(node.id).join(root, node.path[1:depth] == root.path).where(root.handle == handle)
    return Product.category_id.in_(query)
