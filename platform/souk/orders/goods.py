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
from souk.pricing.read_book import read_book
from souk.pricing.rules import Market, read_rules

BY_STAFF = "set by staff"

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
    # How the price came about, as a line's explanation keeps it.
    price_steps: Sequence[Mapping[str, Any]] = ()

    def priced(self, by_staff: int | None) -> Goods:
        """Return the goods at a price that staff set (minor units); None leaves them at that of the buyer's lists."""
        if by_staff is None:
            return self
        return replace(self, price=by_staff, price_steps=set_by_staff(self.price_steps, self.price, by_staff))

    def from_shelf(self, units: int) -> list[tuple[int, int]]:
        """Return (variant, quantity) of what these units take from the stock."""
        parts = [(int(part["variant_id"]), int(part["quantity"])) for part in self.components] or [(self.variant_id, 1)]
        return [(variant_id, each * units) for variant_id, each in parts]


def set_by_staff(steps: Sequence[Mapping[str, Any]], usual: int, price: int) -> list[Mapping[str, Any]]:
    """Return how a price came about that staff set instead of the usual one, in minor units of one unit."""
    return [*(steps or [{"step": "base", "amount": usual}]), {"step": BY_STAFF, "amount": price}]


def goods_for(session: Session, wanted: Mapping[int, int], market: Market) -> dict[int, Goods]:
    """Return variant -> goods at the prices of a buyer's lists; `wanted` is how many units of each they take.

    Raises UnknownGoods.
    """
    if not wanted:
        return {}
    book = read_book(session, read_rules(session), market, list(wanted))
    found = {}
    for variant_id, one in goods_of(session, wanted).items():
        told = book.resolve(variant_id, one.price, quantity=wanted[variant_id])
        found[variant_id] = replace(one, price=told.price, price_steps=told.steps)
    return found


def goods_of(session: Session, variant_ids: Collection[int]) -> dict[int, Goods]:
    """Return variant -> goods with the catalogue's own prices.

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
    return goods


def _goods(row: Any) -> Goods:
    *columns, components = row
    return replace(Goods(*columns), components=components or ())


def find_goods(session: Session, words: str, market: Market, limit: int = 12) -> list[Goods]:
    """Return goods whose title or SKU holds these words, for people who put an order of this market together."""
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
    goods = goods_for(session, dict.fromkeys(chosen, 1), market)
    return [goods[variant_id] for variant_id in chosen]
