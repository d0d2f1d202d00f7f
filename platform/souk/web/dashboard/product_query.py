"""What a merchant asks of the list of products: words, filters, order; as an address, as a view, as SQL."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from souk.catalog.models import PRODUCT_STATUSES, Collection, CollectionProduct, Product, Variant
from souk.kernel import clock
from souk.shipping.models import ShippingZone

MAX_CHOICES = 200
STOCK = {"in": "In stock", "out": "Sold out"}
STATUSES = (*PRODUCT_STATUSES, "scheduled")
SORTS: Mapping[str, tuple[str, tuple[Any, ...]]] = {
    "title": ("Title, A to Z", (func.lower(Product.title), Product.id)),
    "title-down": ("Title, Z to A", (func.lower(Product.title).desc(), Product.id)),
    "newest": ("Newest", (Product.created_at.desc(), Product.id.desc())),
    "changed": ("Changed last", (Product.updated_at.desc(), Product.id.desc())),
    "price": ("Lowest price", (Product.price_min, Product.id)),
    "price-down": ("Highest price", (Product.price_max.desc(), Product.id)),
}


@dataclass(frozen=True, slots=True)
class ProductQuery:
    """Everything as text; an empty one asks for nothing. `collection` is an id or a handle."""

    q: str = ""
    status: str = ""
    vendor: str = ""
    type: str = ""
    tag: str = ""
    collection: str = ""
    stock: str = ""
    sort: str = "title"

    @property
    def filtered(self) -> bool:
        return any(value for name, value in asdict(self).items() if name != "sort")

    def arguments(self) -> dict[str, str]:
        """Return what the address of this list says, without what is not asked."""
        return {name: value for name, value in asdict(self).items() if value and (name, value) != ("sort", "title")}

    def address(self) -> str:
        """Return the same as a query string."""
        return urlencode(self.arguments())

    def conditions(self) -> list[ColumnElement[bool]]:
        asked: dict[str, Callable[[], ColumnElement[bool]]] = {
            "q": lambda: _matching(self.q),
            "status": lambda: _of_status(self.status),
            "vendor": lambda: _same(Product.vendor, self.vendor),
            "type": lambda: _same(Product.product_type, self.type),
            "tag": lambda: _tagged(self.tag),
            "stock": lambda: Product.available.is_(self.stock == "in"),
            "collection": lambda: _inside(self.collection),
        }
        return [condition() for name, condition in asked.items() if getattr(self, name)]

    def order(self) -> tuple[Any, ...]:
        return SORTS[self.sort][1]


def query_of(arguments: Mapping[str, str]) -> ProductQuery:
    """Read an address; what is none of the choices asks for nothing."""
    read = {name: arguments.get(name, "").replace("\0", "").strip()[:100] for name in asdict(ProductQuery())}
    read["sort"] = read["sort"] if read["sort"] in SORTS else "title"
    read["status"] = read["status"] if read["status"] in STATUSES else ""
    read["stock"] = read["stock"] if read["stock"] in STOCK else ""
    number = read["collection"]
    if number.isdecimal() and not (number.isascii() and len(number) < 16):  # noqa: PLR2004 - a bigint
        read["collection"] = ""
    return ProductQuery(**read)


def query_of_address(address: str) -> ProductQuery:
    return query_of(dict(parse_qsl(address)))


def _of_status(status: str) -> ColumnElement[bool]:
    if status == "scheduled":
        return and_(Product.status == "active", Product.published_at > clock.now())
    return Product.status == status


def _inside(collection: str) -> ColumnElement[bool]:
    members = select(CollectionProduct.product_id)
    if collection.isdecimal():
        return Product.id.in_(members.where(CollectionProduct.collection_id == int(collection)))
    named = members.join(Collection, Collection.id == CollectionProduct.collection_id)
    return Product.id.in_(named.where(Collection.handle == collection))


def _same(column: Any, typed: str) -> ColumnElement[bool]:
    return func.lower(column) == func.lower(typed)


def _tagged(typed: str) -> ColumnElement[bool]:
    tag = func.unnest(Product.tags).column_valued("tag")
    return exists().where(func.lower(tag) == func.lower(typed))


def _matching(words: str) -> ColumnElement[bool]:
    numbers = or_(Variant.sku.icontains(words, autoescape=True), Variant.barcode == words)
    return or_(
        Product.title.icontains(words, autoescape=True),
        Product.vendor.icontains(words, autoescape=True),
        Product.id.in_(select(Variant.product_id).where(numbers)),
    )


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filters and actions offer; collections as (id, title), shipping profiles that have zones.

    Where there are `many` collections, they are found by typing.
    """

    collections: list[tuple[int, str]]
    profiles: list[str]
    many: bool


def read_choices(session: Session) -> Choices:
    """Return the first 200 of each, by name."""
    profile = ShippingZone.profile
    profiles = select(profile).where(profile != "").distinct().order_by(profile).limit(MAX_CHOICES)
    titles = select(Collection.id, Collection.title).order_by(Collection.title).limit(MAX_CHOICES + 1)
    found = [(row.id, row.title) for row in session.execute(titles)]
    return Choices(found[:MAX_CHOICES], list(session.scalars(profiles)), many=len(found) > MAX_CHOICES)
