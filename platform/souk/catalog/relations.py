"""Load what belongs to many products at once, one query a relation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
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
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by
from sqlalchemy.orm import Session

from souk.catalog.cards import FOCUS, VISIBLE_CARDS, Picture, ProductCard, card_of
from souk.catalog.filters import visible
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


def gallery_column() -> ColumnElement[Any]:
    """Return the column of a product's whole gallery, as JSON or null; `gallery_in` reads it."""
    alt = func.coalesce(func.nullif(ProductMedia.alt, ""), media.c.alt)
    picture = func.jsonb_build_array(media.c.id, media.c.storage_key, alt, media.c.width, media.c.height, FOCUS)
    every = func.jsonb_agg(aggregate_order_by(picture, ProductMedia.position, ProductMedia.id))
    query = select(every).join_from(ProductMedia, media, media.c.id == ProductMedia.media_id)
    return query.where(ProductMedia.product_id == Product.id).correlate(Product).scalar_subquery()


def gallery_in(column: Sequence[Sequence[Any]] | None) -> list[Picture]:
    return [
        Picture(number, key, alt, width, height, focus, place)
        for place, (number, key, alt, width, height, focus) in enumerate(column or (), 1)
    ]


def pictures_of(session: Session, product_ids: Sequence[int]) -> dict[int, list[Picture]]:
    """Return the gallery of each product."""
    found: dict[int, list[Picture]] = defaultdict(list)
    for row in _PICTURES.all(session, product_ids=list(product_ids)):
        gallery = found[row[0]]
        gallery.append(Picture(row[1], row[2], row[3], row[4], row[5], row[6], len(gallery) + 1))
    return dict(found)


def texts_of(session: Session, product_ids: Sequence[int]) -> dict[int, ProductTexts]:
    label = labels(session)
    return {row[0]: texts_in(row, label) for row in _TEXTS.all(session, product_ids=list(product_ids))}


def texts_in(row: Sequence[Any], label: Callable[[str], str]) -> ProductTexts:
    """Read a row of TEXT_COLUMNS, with the translations last where they were asked for."""
    return ProductTexts(
        in_texts(row, 9, "description_html", row[1]), tuple(row[2]),
        tuple({"name": label(line["name"]), "value": label(line["value"])} for line in row[3]),
        (row[4], label(row[5])) if row[4] else None,
        in_texts(row, 9, "seo_title", row[6]), in_texts(row, 9, "seo_description", row[7]),
        {key: (kind, value) for key, (kind, value) in (row[8] or {}).items()},
    )  # fmt: skip


def _metafields() -> ColumnElement[Any]:
    model = MetafieldDefinition
    key = func.concat(model.namespace, ".", model.key)
    pair = func.jsonb_build_array(model.type, Product.metafields[key])
    own = select(func.jsonb_object_agg(key, pair)).where(
        model.owner_type == "product", model.storefront, Product.metafields.has_key(key)
    )
    return own.correlate(Product).scalar_subquery()


# With Category joined to the product.
TEXT_COLUMNS = (
    Product.id, Product.description_html, Product.options, Product.specifications, Category.handle, Category.name,
    Product.seo_title, Product.seo_description, _metafields(),
)  # fmt: skip
_TEXTS = LocalizedStatement[Any](
    select(*TEXT_COLUMNS)
    .select_from(Product)
    .outerjoin(Category, Category.id == Product.category_id)
    .where(Product.id == any_(bindparam("product_ids", type_=ARRAY(BigInteger)))),
    "product",
    Product.id,
)


_NEAR = (
    text("""
SELECT p.id AS owner, r.id AS related, r.place
FROM products p
CROSS JOIN LATERAL (
  SELECT best.id, row_number() OVER () AS place FROM (
    SELECT q.id FROM products q
    WHERE q.status = 'active' AND q.published_at IS NOT NULL AND q.id <> p.id
      AND (q.category_id = p.category_id OR (p.category_id IS NULL AND q.vendor = p.vendor))
    ORDER BY q.available DESC, q.rating DESC, abs(q.price_min - p.price_min), q.id
    LIMIT :most
  ) best
) r
WHERE p.id = ANY(:ids)
""")
    .bindparams(bindparam("ids", type_=ARRAY(BigInteger)), bindparam("most", type_=Integer))
    .columns(owner=BigInteger, related=BigInteger, place=BigInteger)
    .subquery("near")
)
# The visitor's language, where it is another, is the last column, as `card_of` expects it.
_RELATED = LocalizedStatement[Any](
    select(_NEAR.c.owner, *VISIBLE_CARDS.selected_columns)
    .select_from(_NEAR)
    .join(Product, Product.id == _NEAR.c.related)
    .where(visible())
    .order_by(_NEAR.c.owner, _NEAR.c.place),
    "product",
    Product.id,
    lambda owner, *row: (owner, card_of(*row)),
)


def related_to(session: Session, product_ids: Sequence[int]) -> dict[int, list[ProductCard]]:
    """Return at most 8 products of the same category (or brand, without one), those of a similar price first."""
    found: dict[int, list[ProductCard]] = defaultdict(list)
    for owner, card in _RELATED.all(session, ids=list(product_ids), most=MAX_RELATED):
        found[owner].append(card)
    return dict(found)
