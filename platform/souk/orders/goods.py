"""Goods of the catalogue as lines of an order take them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from souk.catalog.bundles.read import COMPONENTS
from souk.catalog.models import Product, ProductMedia, Variant
from souk.media.models import Media
from souk.orders.errors import UnknownGoods
from souk.pricing.rules import read_rules

_PICTURE = (
    select(Media.storage_key)
    .join(ProductMedia, ProductMedia.media_id == Media.id)
    .where(ProductMedia.product_id == Product.id)
    .order_by(ProductMedia.position, ProductMedia.id)
    .limit(1)
    .scalar_subquery()
)


@dataclass(frozen=True, slots=True)
class Goods:
    """A variant with today's price in minor units."""

    variant_id: int
    product_id: int
    title: str
    variant_title: str
    sku: str
    vendor: str
    image_key: str
    price: int
    requires_shipping: bool
    taxable: bool
    tax_class: str
    weight_grams: int
    # What a bundle takes from the stock, as a cart's line has it; empty for any other variant.
    components: Sequence[Mapping[str, Any]] = ()

    def from_shelf(self, units: int) -> list[tuple[int, int]]:
        """Return (variant, quantity) of what these units take from the stock."""
        parts = [(int(part["variant_id"]), int(part["quantity"])) for part in self.components] or [(self.variant_id, 1)]
        return [(variant_id, each * units) for variant_id, each in parts]


def goods_of(session: Session, variant_ids: Collection[int], currency: str = "") -> dict[int, Goods]:
    """Return variant -> goods with the catalogue's prices in `currency`, '' for the shop's own.

    Raises UnknownGoods for the first that this shop does not have.
    """
    found = (
        select(
            Variant.id, Product.id, Product.title, Variant.title, Variant.sku, Product.vendor,
            func.coalesce(_PICTURE, ""), Variant.price, Variant.requires_shipping, Variant.taxable, Variant.tax_class,
            Variant.weight_grams, COMPONENTS,
        )
        .join(Product, Product.id == Variant.product_id)
        .where(Variant.id.in_(variant_ids))
    )  # fmt: skip
    goods = {row[0]: _goods(row) for row in session.execute(found)}
    for variant_id in variant_ids:
        if variant_id not in goods:
            raise UnknownGoods(variant_id)
    rules = read_rules(session) if currency and goods else None
    if rules is None or currency == rules.base:
        return goods
    return {key: replace(one, price=rules.price(one.price, currency)) for key, one in goods.items()}


def _goods(row: Any) -> Goods:
    *columns, components = row
    return replace(Goods(*columns), components=components or ())


def find_goods(session: Session, words: str, limit: int = 12) -> list[Goods]:
    """Return goods whose title or SKU holds these words, for people who put an order together."""
    pattern = words.strip()
    if not pattern:
        return []
    matching = Product.title.icontains(pattern, autoescape=True) | Variant.sku.icontains(pattern, autoescape=True)
    ids = (
        select(Variant.id)
        .join(Product, Product.id == Variant.product_id)
        .where(matching, Product.status != "archived")
        .order_by(Product.title, Variant.position, Variant.id)
        .limit(limit)
    )
    chosen = list(session.scalars(ids))
    goods = goods_of(session, chosen)
    return [goods[variant_id] for variant_id in chosen]
