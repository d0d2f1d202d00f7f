"""Read the shop's price lists and their prices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from souk.catalog.models import Product, Variant
from souk.kernel import clock
from souk.pricing.errors import PriceListMissing
from souk.pricing.models import ListPrice, PriceList


@dataclass(frozen=True, slots=True)
class PriceListView:
    """`prices` is how many of its own it has; `breaks` as `PriceList` keeps them."""

    id: int
    name: str
    stored_status: str
    currency: str
    countries: Sequence[str]
    tags: Sequence[str]
    percent: Decimal | None
    breaks: Sequence[dict[str, Any]]
    priority: int
    starts_at: datetime | None
    ends_at: datetime | None
    prices: int

    @property
    def status(self) -> str:
        """The stored status, or where it stands in time: scheduled, expired."""
        now = clock.now()
        if self.stored_status == "active" and self.starts_at is not None and self.starts_at > now:
            return "scheduled"
        if self.stored_status == "active" and self.ends_at is not None and self.ends_at <= now:
            return "expired"
        return self.stored_status


@dataclass(frozen=True, slots=True)
class PriceRow:
    """A price of a list with what it is for; money in minor units, `own_price` in the shop's currency."""

    variant_id: int
    product_id: int
    title: str
    variant_title: str
    sku: str
    own_price: int
    min_quantity: int
    price: int
    compare_at_price: int | None


_PRICES = select(func.count()).where(ListPrice.price_list_id == PriceList.id).scalar_subquery()
_LISTS: Any = select(
    PriceList.id, PriceList.name, PriceList.status, PriceList.currency, PriceList.countries, PriceList.tags,
    PriceList.percent, PriceList.breaks, PriceList.priority, PriceList.starts_at, PriceList.ends_at, _PRICES,
)  # fmt: skip


def list_price_lists(session: Session, after: int = 0, limit: int = 200) -> list[PriceListView]:
    """Return the lists with ids above `after`, in the order in which they were made."""
    rows = session.execute(_LISTS.where(PriceList.id > after).order_by(PriceList.id).limit(limit))
    return [PriceListView(*row) for row in rows]


def price_lists_where(session: Session, where: Sequence[ColumnElement[bool]], limit: int) -> list[PriceListView]:
    """Return the lists that fit, newest first."""
    rows = session.execute(_LISTS.where(*where).order_by(PriceList.id.desc()).limit(limit))
    return [PriceListView(*row) for row in rows]


def read_price_list(session: Session, list_id: int) -> PriceListView:
    """Raises PriceListMissing."""
    row = session.execute(_LISTS.where(PriceList.id == list_id)).first()
    if row is None:
        raise PriceListMissing
    return PriceListView(*row)


def prices_of_list(session: Session, list_id: int, limit: int | None = None, offset: int = 0) -> list[PriceRow]:
    """Return the list's own prices by product, variant and quantity."""
    query = (
        select(ListPrice.variant_id, Product.id, Product.title, Variant.title, Variant.sku, Variant.price,
               ListPrice.min_quantity, ListPrice.price, ListPrice.compare_at_price)
        .join(Variant, Variant.id == ListPrice.variant_id)
        .join(Product, Product.id == Variant.product_id)
        .where(ListPrice.price_list_id == list_id)
        .order_by(Product.title, Variant.position, Variant.id, ListPrice.min_quantity)
    )  # fmt: skip
    return [PriceRow(*row) for row in session.execute(query.offset(offset).limit(limit))]
