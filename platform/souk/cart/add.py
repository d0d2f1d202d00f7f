"""Put something into a cart."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from souk.cart.errors import BadQuantity, NotForSale, TooManyLines
from souk.cart.models import CartLine
from souk.cart.queries import MAX_LINES, MAX_QUANTITY, open_cart
from souk.catalog.models import Product, Variant
from souk.inventory.availability import availability
from souk.inventory.errors import OutOfStock
from souk.kernel import clock


def add_line(session: Session, cart_token: str, variant_id: int, quantity: int) -> int:
    """Add `quantity` units to those already in the cart; returns the line's new quantity.

    Raises:
        UnknownCart, NotForSale, BadQuantity, TooManyLines: nothing was changed.
        OutOfStock: more than can be bought now; nothing is held until the order is paid.

    """
    if not 0 < quantity <= MAX_QUANTITY:
        raise BadQuantity(MAX_QUANTITY)
    cart = open_cart(session, cart_token, lock=True)
    price = price_of(session, variant_id)
    held, lines = session.execute(
        select(
            func.coalesce(func.sum(CartLine.quantity).filter(CartLine.variant_id == variant_id), 0),
            func.count(),
        ).where(CartLine.cart_id == cart.id)
    ).one()
    total = int(held) + quantity
    if total > MAX_QUANTITY:
        raise BadQuantity(MAX_QUANTITY)
    if not held and lines >= MAX_LINES:
        raise TooManyLines(MAX_LINES)
    refuse_more_than_available(session, variant_id, total)
    row = insert(CartLine).values(
        cart_id=cart.id, variant_id=variant_id, quantity=total, unit_price=price, created_at=clock.now()
    )
    session.execute(
        row.on_conflict_do_update(
            index_elements=["cart_id", "variant_id"], set_={"quantity": total, "unit_price": price}
        )
    )
    return total


def price_of(session: Session, variant_id: int) -> int:
    """Return the price of a variant that is for sale, in minor units; raises NotForSale."""
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
