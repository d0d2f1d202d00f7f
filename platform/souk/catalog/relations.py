"""Load what belongs to many products at once, one query a relation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    any_,
    bindparam,
    func,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from souk.catalog.cards import FOCUS, Picture, ProductCard, cards_by_id
from souk.catalog.metafields.models import MetafieldDefinition
from souk.catalog.models import Category, Product, ProductMedia
from souk.catalog.tables import media
from souk.kernel.localized import LocalizedStatement, in_texts, labels
from souk.kernel.statement import Statement

MAX_RELATED = 8


@dataclass(frozen=True, slots=True)
class ProductTexts:
    """What a product page reads besides the card, in one row; `category` is (handle, name).

    `metafields`: (type, value) by "namespace.key", of the definitions that themes may read.
    """

    description_html: str
    options: tuple[dict[str, Any], ...]
    specifications: tuple[dict[str, Any], ...]
    category: tuple[str, str] | None
    seo_title: str
    seo_description: str
    metafields: Mapping[str, tuple[str, Any]]


_PICTURES = Statement[Any](
    select(
        ProductMedia.product_id,
        media.c.id,
        media.c.storage_key,
        func.coalesce(func.nullif(ProductMedia.alt, ""), media.c.alt),
        media.c.width,
        media.c.height,
        FOCUS,
    )
    .join(media, media.c.id == ProductMedia.media_id)
    .where(ProductMedia.product_id == any_(bindparam("product_ids", type_=ARRAY(BigInteger))))
    .order_by(ProductMedia.product_id, ProductMedia.position, ProductMedia.id)
)


def pictures_of(session: Session, product_ids: Sequence[int]) -> dict[int, list[Picture]]:
    """Return the gallery of each product."""
    found: dict[int, list[Picture]] = defaultdict(list)
    for row in _PICTURES.all(session, product_ids=list(product_ids)):
        gallery = found[row[0]]
        gallery.append(Picture(row[1], row[2], row[3], row[4], row[5], row[6], len(gallery) + 1))
    return dict(found)


def texts_of(session: Session, product_ids: Sequence[int]) -> dict[int, ProductTexts]:
    label = labels(session)
    return {
        row[0]: ProductTexts(
            in_texts(row, 9, "description_html", row[1]), tuple(row[2]),
            tuple({"name": label(line["name"]), "value": label(line["value"])} for line in row[3]),
            (row[4], label(row[5])) if row[4] else None,
            in_texts(row, 9, "seo_title", row[6]), in_texts(row, 9, "seo_description", row[7]),
            {key: (kind, value) for key, (kind, value) in (row[8] or {}).items()},
        )
        for row in _TEXTS.all(session, product_ids=list(product_ids))
    }  # fmt: skip


def _metafields() -> ColumnElement[Any]:
    model = MetafieldDefinition
    key = func.concat(model.namespace, ".", model.key)
    pair = func.jsonb_build_array(model.type, Product.metafields[key])
    own = select(func.jsonb_object_agg(key, pair)).where(
        model.owner_type == "product", model.storefront, Product.metafields.has_key(key)
    )
    return own.correlate(Product).scalar_subquery()


_TEXTS = LocalizedStatement[Any](
    select(
        Product.id, Product.description_html, Product.options, Product.specifications, Category.handle,
        Category.name, Product.seo_title, Product.seo_description, _metafields(),
    )
    .select_from(Product)
    .outerjoin(Category, Category.id == Product.category_id)
    .where(Product.id == any_(bindparam("product_ids", type_=ARRAY(BigInteger)))),
    "product",
    Product.id,
)  # fmt: skip


_RELATED = Statement[Any](
    text("""
SELECT p.id, r.id
FROM products p
CROSS JOIN LATERAL (
  SELECT q.id FROM products q
  WHERE q.status = 'active' AND q.published_at IS NOT NULL AND q.id <> p.id
    AND (q.category_id = p.category_id OR (p.category_id IS NULL AND q.vendor = p.vendor))
  ORDER BY q.available DESC, q.rating DESC, abs(q.price_min - p.price_min), q.id
  LIMIT :most
) r
WHERE p.id = ANY(:ids)
""")
    .bindparams(bindparam("ids", type_=ARRAY(BigInteger)), bindparam("most", type_=Integer))
    .columns(product=BigInteger, related=BigInteger)
)


def related_to(session: Session, product_ids: Sequence[int]) -> dict[int, list[ProductCard]]:
    """Return at most 8 products of the same category (or brand, without one), those of a similar price first."""
    pairs = _RELATED.all(session, ids=list(product_ids), most=MAX_RELATED)
    cards = {card.id: card for card in cards_by_id(session, sorted({pair[1] for pair in pairs}))}
    found: dict[int, list[ProductCard]] = defaultdict(list)
    for owner, related in pairs:
        if related in cards:
            found[owner].append(cards[related])
    return dict(found)
