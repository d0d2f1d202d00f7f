"""Put something into a cart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, bindparam, cast, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from souk.cart.errors import BadQuantity, NotForSale, TooManyLines
from souk.cart.models import Cart, CartLine
from souk.cart.queries import MAX_LINES, MAX_QUANTITY, open_cart
from souk.catalog.models import Product, Variant
from souk.inventory.availability import availability
from souk.inventory.errors import OutOfStock
from souk.kernel.statement import Statement
from souk.pricing.read_book import read_book
from souk.pricing.rules import Market, read_rules


@dataclass(frozen=True, slots=True)
class _Offer:
    """`held` units are in the cart already, which has `lines` lines; `price` is the catalogue's."""

    price: int
    held: int
    lines: int
    currency: str
    country: str


_IN_CART = CartLine.cart_id == bindparam("cart_id")
_HELD = select(func.sum(CartLine.quantity)).where(_IN_CART, CartLine.variant_id == bindparam("variant_id"))
_OFFER = Statement(
    select(
        Variant.price,
        func.coalesce(cast(_HELD.scalar_subquery(), BigInteger), 0),
        select(func.count()).select_from(CartLine).where(_IN_CART).scalar_subquery(),
        Cart.currency,
        Cart.country,
    )
    .join(Product, Product.id == Variant.product_id)
    .join(Cart, Cart.id == bindparam("cart_id"))
    .where(Variant.id == bindparam("variant_id"), Product.status == "active"),
    _Offer,
)
_LINE = insert(CartLine)
_PUT = Statement[Any](
    _LINE.on_conflict_do_update(
        index_elements=["cart_id", "variant_id"],
        set_={"quantity": _LINE.excluded.quantity, "unit_price": _LINE.excluded.unit_price},
    ),
    columns=("cart_id", "variant_id", "quantity", "unit_price"),
)


def add_line(session: Session, cart_token: str, variant_id: int, quantity: int, groups: Iterable[str] = ()) -> int:
    """Add `quantity` units to those already in the cart; returns the line's new quantity.

    `groups` are those of the customer whose prices are shown.

    Raises:
        UnknownCart, NotForSale, BadQuantity, TooManyLines: nothing was changed.
        OutOfStock: more than can be bought now; nothing is held until the order is paid.

    """
    return add_to(session, open_cart(session, cart_token, lock=True).id, variant_id, quantity, groups)


def add_to(session: Session, cart_id: int, variant_id: int, quantity: int, groups: Iterable[str] = ()) -> int:
    """Do what `add_line` does, for a cart whose row this transaction has locked or made."""
    if not 0 < quantity <= MAX_QUANTITY:
        raise BadQuantity(MAX_QUANTITY)
    offer = _OFFER.first(session, cart_id=cart_id, variant_id=variant_id)
    if offer is None:
        raise NotForSale(variant_id)
    total = offer.held + quantity
    if total > MAX_QUANTITY:
        raise BadQuantity(MAX_QUANTITY)
    if not offer.held and offer.lines >= MAX_LINES:
        raise TooManyLines(MAX_LINES)
    refuse_more_than_available(session, variant_id, total)
    market = Market(offer.currency, offer.country, frozenset(groups))
    price = unit_price(session, market, variant_id, offer.price, total)
    _PUT.run(session, cart_id=cart_id, variant_id=variant_id, quantity=total, unit_price=price)
    return total


def unit_price(session: Session, market: Market, variant_id: int, base: int, quantity: int) -> int:
    """Return what one unit costs a buyer who takes `quantity`; `base` is the catalogue's price."""
    book = read_book(session, read_rules(session), market, [variant_id])
    return book.resolve(variant_id, base, quantity=quantity).price


def price_of(session: Session, variant_id: int) -> int:
    """Return the catalogue's price of a variant that is for sale, in minor units; raises NotForSale."""
    price = session.execute(
        select(Variant.price)
        .join(Product, Product.id == Variant.product_id)
        .where(Variant.id == variant_id, Product.status == "active")
    ).scalar_one_or_none()
    if price is None:
        raise NotForSale(variant_id)
    return price


def refuse_more_than_available(session: Session, variant_id: int, quantity: int) -> None:
    available = availability(session, [variant_id]).get(variant_id, 0)
    if quantity > available:
        raise OutOfStock([{"variant_id": variant_id, "available": available}])
