"""Load what belongs to many products at once, one query a relation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Executable,
    any_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    or_,
    select,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from souk.catalog.bundles.read import COMPONENTS
from souk.catalog.cards import FOCUS, Picture, ProductCard, cards_by_id
from souk.catalog.copies import free, is_bundle, sellable
from souk.catalog.metafields.models import MetafieldDefinition
from souk.catalog.models import Category, Product, ProductMedia, Variant
from souk.catalog.tables import media
from souk.kernel.localized import LocalizedStatement, in_texts, labels
from souk.kernel.statement import Statement

MAX_RELATED = 8
LOW_STOCK = 5
FIRST_VARIANTS = 12


@dataclass(frozen=True, slots=True)
class VariantRecord:
    """`stock` is what can be sold, or None where stock is not tracked.

    `components` are what a bundle consists of: [{variant_id, quantity, title, variant_title, sku}].
    """

    id: int
    product_id: int
    title: str
    sku: str
    barcode: str
    price: int
    compare_at_price: int | None
    position: int
    options: tuple[str, ...]
    weight_grams: int
    requires_shipping: bool
    taxable: bool
    inventory_tracked: bool
    inventory_policy: str
    stock: int | None
    picture: Picture | None
    components: Sequence[Mapping[str, Any]] = ()
    unit_measure: str = ""

    @property
    def available(self) -> bool:
        return self.stock is None or self.inventory_policy == "continue" or self.stock > 0

    @property
    def low_stock(self) -> int | None:
        scarce = self.stock is not None and self.inventory_policy == "deny" and 0 < self.stock <= LOW_STOCK
        return self.stock if scarce else None


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


_FREE: ColumnElement[int] = literal_column(free("variants"), BigInteger).label("free")
_BUNDLE: ColumnElement[bool] = literal_column(is_bundle("variants"), Boolean)
# Back-orders that have reached their limit are told like a policy that allows none.
_POLICY: ColumnElement[str] = case(
    (_BUNDLE, "deny"), (literal_column(sellable("variants"), Boolean), Variant.inventory_policy), else_="deny"
)
_TRACKED: ColumnElement[bool] = or_(_BUNDLE, Variant.inventory_tracked).label("inventory_tracked")
_VARIANTS = (
    select(
        Variant.id, Variant.product_id, Variant.title, Variant.sku, Variant.barcode, Variant.price,
        Variant.compare_at_price, Variant.position, Variant.option1, Variant.option2, Variant.option3,
        Variant.weight_grams, Variant.requires_shipping, Variant.taxable, _TRACKED,
        _POLICY, _FREE, media.c.id, media.c.storage_key, media.c.alt, media.c.width,
        media.c.height, FOCUS, COMPONENTS.label("components"), Variant.unit_measure,
    )
    .select_from(Variant)
    .outerjoin(media, media.c.id == Variant.media_id)
    .order_by(Variant.product_id, Variant.position, Variant.id)
)  # fmt: skip


def variants_of(session: Session, product_ids: Sequence[int]) -> dict[int, list[VariantRecord]]:
    """Return the variants of each product in their order, with stock over all locations."""
    return _by_product(session, _VARIANTS.where(Variant.product_id.in_(product_ids)))


def first_variants_of(session: Session, product_ids: Sequence[int]) -> dict[int, list[VariantRecord]]:
    """Return at most FIRST_VARIANTS of each product: a list of products must not read the thousands they may have."""
    wanted = func.unnest(cast(list(product_ids), ARRAY(BigInteger))).table_valued("id").render_derived("wanted")
    first = (
        select(Variant.id)
        .where(Variant.product_id == wanted.c.id)
        .order_by(Variant.position, Variant.id)
        .limit(FIRST_VARIANTS)
        .lateral("first")
    )
    ids = select(first.c.id).select_from(wanted.join(first, true()))
    return _by_product(session, _VARIANTS.where(Variant.id.in_(ids)))


def _by_product(session: Session, query: Executable) -> dict[int, list[VariantRecord]]:
    found: dict[int, list[VariantRecord]] = defaultdict(list)
    for row in session.execute(query):
        found[row.product_id].append(_variant(row))
    return dict(found)


def _variant(row: Any) -> VariantRecord:
    options = tuple(value for value in row[8:11] if value)
    picture = None if row[17] is None else Picture(*row[17:23])
    stock = int(row.free) if row.inventory_tracked else None
    return VariantRecord(*[*row[:8], options, *row[11:16], stock, picture, row.components or (), row.unit_measure])


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


_RELATED = text("""
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


def related_to(session: Session, product_ids: Sequence[int]) -> dict[int, list[ProductCard]]:
    """Return at most 8 products of the same category (or brand, without one), those of a similar price first."""
    pairs = session.execute(_RELATED, {"ids": list(product_ids), "most": MAX_RELATED}).all()
    cards = {card.id: card for card in cards_by_id(session, sorted({pair[1] for pair in pairs}))}
    found: dict[int, list[ProductCard]] = defaultdict(list)
    for owner, related in pairs:
        if related in cards:
            found[owner].append(cards[related])
    return dict(found)
