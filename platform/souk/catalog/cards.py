"""Read products as cards: one row a product with its first two pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Select, String, and_, any_, bindparam, case, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from souk.catalog.filters import visible
from souk.catalog.models import Product, ProductMedia
from souk.catalog.tables import media
from souk.kernel.localized import LocalizedStatement, in_texts, localized

FOCUS: ColumnElement[str] = case(
    (and_(media.c.focal_x == 50, media.c.focal_y == 50), ""),  # noqa: PLR2004 - percent: the middle
    else_=func.concat(media.c.focal_x, "% ", media.c.focal_y, "%"),
)
CARD_COLUMNS = (
    Product.id, Product.handle, Product.title, Product.price_min, Product.price_max, Product.compare_at_price,
    Product.available, Product.vendor, Product.product_type, Product.tags, Product.rating, Product.rating_count,
    Product.options, Product.created_at, Product.template_suffix, Product.status, Product.unit_measure,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Picture:
    """`key` is the storage key; its renditions stand at /media/<key>/<width>.webp. `focus` is the CSS position of
    what must stay in sight, such as "20% 80%"; empty for the middle.
    """

    id: int
    key: str
    alt: str
    width: int
    height: int
    focus: str = ""
    position: int = 1


@dataclass(frozen=True, slots=True)
class ProductCard:
    """Prices are minor units of the shop's currency."""

    id: int
    handle: str
    title: str
    price_min: int
    price_max: int
    compare_at_price: int | None
    available: bool
    vendor: str
    product_type: str
    tags: tuple[str, ...]
    rating: Decimal
    rating_count: int
    options: tuple[dict[str, Any], ...]
    created_at: datetime
    template_suffix: str
    status: str
    picture: Picture | None
    # What cards show under the pointer.
    second_picture: Picture | None = None
    # See souk.catalog.unit_price; of the cheapest variant.
    unit_measure: str = ""


def read_cards(session: Session, query: Select[Any]) -> list[ProductCard]:
    """Run a select of CARD_COLUMNS and add the first two pictures and the titles in the language of the visit.

    One query for any number of products.
    """
    columns = (_pictures(), *localized(session, "product", Product.id))
    return [card_of(*row) for row in session.execute(query.add_columns(*columns))]


def card_of(*row: Any) -> ProductCard:
    """Return the card of a row of CARD_COLUMNS, the first pictures, and the translations where they were read."""
    tags, options = tuple(row[9]), tuple(row[12])
    pictures = [Picture(*(*each, place)) for place, each in enumerate(row[17], 1)]
    first, second = (*pictures, None, None)[:2]
    title = in_texts(row, 18, "title", row[2])
    return ProductCard(*[*row[:2], title, *row[3:9], tags, row[10], row[11], options, *row[13:16], first, second,
                         row[16]])  # fmt: skip


def _pictures() -> ColumnElement[Any]:
    # An expression of the select list and no join: PostgreSQL computes it after LIMIT, for the page's rows only.
    alt = func.coalesce(func.nullif(ProductMedia.alt, ""), media.c.alt)
    picture = func.jsonb_build_array(media.c.id, media.c.storage_key, alt, media.c.width, media.c.height, FOCUS)
    query = select(picture).join_from(ProductMedia, media, media.c.id == ProductMedia.media_id)
    first = query.where(ProductMedia.product_id == Product.id).order_by(ProductMedia.position, ProductMedia.id)
    return func.array(first.limit(2).correlate(Product).scalar_subquery(), type_=ARRAY(JSONB))


# Cards of what shoppers may see, for statements that are compiled once; `card_of` reads their rows.
VISIBLE_CARDS = select(*CARD_COLUMNS, _pictures()).where(visible())
_BY_HANDLE = LocalizedStatement(
    VISIBLE_CARDS.where(Product.handle == any_(bindparam("handles", type_=ARRAY(String)))),
    "product",
    Product.id,
    card_of,
)
_BY_ID = LocalizedStatement(
    VISIBLE_CARDS.where(Product.id == any_(bindparam("product_ids", type_=ARRAY(BigInteger)))), "product", Product.id,
    card_of,
)  # fmt: skip


def cards_by_handle(session: Session, handles: Sequence[str]) -> dict[str, ProductCard]:
    """Return the visible products among `handles`."""
    return {card.handle: card for card in _BY_HANDLE.all(session, handles=list(handles))}


def cards_by_id(session: Session, product_ids: Sequence[int]) -> list[ProductCard]:
    """Return the visible products among `product_ids`, in that order."""
    found = {card.id: card for card in _BY_ID.all(session, product_ids=list(product_ids))}
    return [found[product_id] for product_id in product_ids if product_id in found]


def product_by_handle(session: Session, handle: str) -> ProductCard | None:
    """Return a visible product, or None."""
    return cards_by_handle(session, [handle]).get(handle)
