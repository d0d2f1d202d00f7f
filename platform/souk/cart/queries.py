"""Find carts and read their lines with the live catalogue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import and_, bindparam, exists, func, select
from sqlalchemy.orm import Session

from souk.cart.errors import UnknownCart
from souk.cart.models import Cart, CartLine
from souk.catalog.bundles.read import COMPONENTS
from souk.catalog.digital.files import is_digital
from souk.catalog.models import Product, ProductMedia, Variant
from souk.kernel import clock
from souk.kernel.statement import Statement
from souk.media.models import Media
from souk.pricing.read_book import read_book
from souk.pricing.rules import Market, read_rules

MAX_QUANTITY = 10_000
MAX_LINES = 250


@dataclass(frozen=True, slots=True)
class CartItem:
    """`unit_price` is the buyer's price of today, `shown_price` the one at which the line was added, both in minor
    units, as is `cost`. `price_steps` lead to it, as a line's explanation keeps them.
    """

    variant_id: int
    product_id: int
    handle: str
    title: str
    variant_title: str
    sku: str
    vendor: str
    image_key: str
    quantity: int
    unit_price: int
    shown_price: int
    requires_shipping: bool
    taxable: bool
    tax_class: str
    weight_grams: int
    for_sale: bool
    cost: int | None = None
    gift_card: bool = False
    # What a bundle consists of: [{variant_id, quantity, title, variant_title, sku}]; None for any other variant.
    components: Sequence[Mapping[str, Any]] | None = None
    # Whether its buyer gets files.
    digital: bool = False
    # The shipping profile of the variant, '' for the ordinary zones.
    profile: str = ""
    price_steps: Sequence[Mapping[str, Any]] = ()

    @property
    def subtotal(self) -> int:
        return self.quantity * self.unit_price

    @property
    def price_changed(self) -> bool:
        return self.unit_price != self.shown_price


@dataclass(frozen=True, slots=True)
class OpenCart:
    """A cart that can still be bought; `filled` says whether there was anything in it."""

    id: int
    currency: str
    country: str
    note: str
    customer_id: int | None
    discount_codes: Sequence[str]
    filled: bool


_FILLED = exists().where(CartLine.cart_id == Cart.id)
_COLUMNS = select(
    Cart.id, Cart.currency, Cart.country, Cart.note, Cart.customer_id, Cart.discount_codes, _FILLED
).where(Cart.token == bindparam("token"), Cart.completed_at.is_(None), Cart.expires_at > bindparam("now"))
_OPEN = Statement(_COLUMNS, OpenCart)
_LOCK = Statement(_COLUMNS.with_for_update(), OpenCart)


def open_cart(session: Session, token: str, *, lock: bool = False) -> OpenCart:
    """Return a cart that can still be bought; raises UnknownCart."""
    row = (_LOCK if lock else _OPEN).first(session, token=token, now=clock.now())
    if row is None:
        raise UnknownCart
    return row


_FIRST_PICTURE = (
    select(ProductMedia.media_id)
    .where(ProductMedia.product_id == Product.id)
    .order_by(ProductMedia.position, ProductMedia.id)
    .limit(1)
    .correlate(Product)
    .scalar_subquery()
)
_PICTURE = (
    select(Media.storage_key)
    .where(Media.id == Variant.media_id)
    .union_all(select(Media.storage_key).where(Media.id == _FIRST_PICTURE))
    .limit(1)
    .scalar_subquery()
)
_ITEMS = Statement(
    select(
        CartLine.variant_id,
        Variant.product_id,
        Product.handle,
        Product.title,
        Variant.title,
        Variant.sku,
        Product.vendor,
        func.coalesce(_PICTURE, ""),
        CartLine.quantity,
        Variant.price,
        CartLine.unit_price,
        and_(Variant.requires_shipping, ~Product.gift_card),
        Variant.taxable,
        Variant.tax_class,
        Variant.weight_grams,
        Product.status == "active",
        Variant.cost,
        Product.gift_card,
        COMPONENTS,
        is_digital(),
        Variant.shipping_profile,
    )
    .join(Variant, Variant.id == CartLine.variant_id)
    .join(Product, Product.id == Variant.product_id)
    .where(CartLine.cart_id == bindparam("cart_id"))
    .order_by(CartLine.id),
    CartItem,
)


def items_of(session: Session, cart_id: int, market: Market | None = None) -> Sequence[CartItem]:
    """Return the cart's lines in the order they were added, at the prices of a buyer; None is the catalogue's own."""
    items = _ITEMS.all(session, cart_id=cart_id)
    return items if market is None or not items else _priced(session, items, market)


def _priced(session: Session, items: Sequence[CartItem], market: Market) -> Sequence[CartItem]:
    rules = read_rules(session)
    book = read_book(session, rules, market, [item.variant_id for item in items])
    if book.plain:
        return items
    found = [book.resolve(item.variant_id, item.unit_price, quantity=item.quantity) for item in items]
    return [
        replace(
            item,
            unit_price=one.price,
            price_steps=one.steps,
            cost=None if item.cost is None else rules.amount(item.cost, market.currency),
        )
        for item, one in zip(items, found, strict=True)
    ]
