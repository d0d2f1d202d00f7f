"""The product that a page is about: what nearly every part of its page asks for, in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Text, bindparam
from sqlalchemy.orm import Session

from souk.catalog.cards import VISIBLE_CARDS, Picture, ProductCard, card_of
from souk.catalog.models import Category, Product
from souk.catalog.relations import TEXT_COLUMNS, ProductTexts, gallery_column, gallery_in, texts_in
from souk.kernel.localized import LocalizedStatement, labels
from souk.web.storefront.queries import newest_reviews
from themes import rows

_CARD = len(VISIBLE_CARDS.selected_columns)
_TEXTS = _CARD + len(TEXT_COLUMNS)
_GOODS = LocalizedStatement[Any](
    VISIBLE_CARDS.add_columns(*TEXT_COLUMNS, gallery_column(), newest_reviews())
    .outerjoin(Category, Category.id == Product.category_id)
    .where(Product.handle == bindparam("handle", type_=Text())),
    "product",
    Product.id,
    lambda *row: row,
)


@dataclass(frozen=True, slots=True)
class Goods:
    """`card` is priced for nobody yet."""

    card: ProductCard
    texts: ProductTexts
    gallery: Sequence[Picture]
    reviews: Sequence[rows.ReviewRow]


def read_goods(session: Session, handle: str) -> Goods | None:
    """Return the visible product of this handle."""
    row = next(iter(_GOODS.all(session, handle=handle)), None)
    if row is None:
        return None
    said = row[_TEXTS + 2 :]
    texts = texts_in((*row[_CARD:_TEXTS], *said), labels(session))
    return Goods(card_of(*row[:_CARD], *said), texts, gallery_in(row[_TEXTS]), reviews_in(row[_TEXTS + 1]))


def reviews_in(column: Sequence[Sequence[Any]] | None) -> list[rows.ReviewRow]:
    found = [rows.ReviewRow(*row) for row in column or ()]
    return [replace(review, created_at=datetime.fromisoformat(str(review.created_at))) for review in found]
