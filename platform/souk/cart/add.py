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
    return add_to(session, open_cart(session, cart_token, lock=True).id, variant_id, quantity)


def add_to(session: Session, cart_id: int, variant_id: int, quantity: int) -> int:
    """Do what `add_line` does, for a cart whose row this transaction has locked or made."""
    if not 0 < quantity <= MAX_QUANTITY:
        raise BadQuantity(MAX_QUANTITY)
    price, held, lines = _offer(session, cart_id, variant_id)
    total = held + quantity
    if total > MAX_QUANTITY:
        raise BadQuantity(MAX_QUANTITY)
    if not held and lines >= MAX_LINES:
        raise TooManyLines(MAX_LINES)
    refuse_more_than_available(session, variant_id, total)
    row = insert(CartLine).values(
        cart_id=cart_id, variant_id=variant_id, quantity=total, unit_price=price, created_at=clock.now()
    )
    session.execute(
        row.on_conflict_do_update(
            index_elements=["cart_id", "variant_id"], set_={"quantity": total, "unit_price": price}
        )
    )
    return total


def _offer(session: Session, cart_id: int, variant_id: int) -> tuple[int, int, int]:
    """Return the variant's price, how many units the cart holds already, and how many lines it has."""
    here = CartLine.cart_id == cart_id
    held = select(func.sum(CartLine.quantity)).where(here, CartLine.variant_id == variant_id).scalar_subquery()
    lines = select(func.count()).select_from(CartLine).where(here).scalar_subquery()
    row = session.execute(
        select(Variant.price, func.coalesce(held, 0), lines)
        .join(Product, Product.id == Variant.product_id)
        .where(Variant.id == variant_id, Product.status == "active")
    ).first()
    if row is None:
        raise NotForSale(variant_id)
    return row[0], int(row[1]), row[2]


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
