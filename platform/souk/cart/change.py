"""Change a line of a cart, or take it out."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from souk.cart.add import price_of, refuse_more_than_available, unit_price
from souk.cart.errors import BadQuantity, NotForSale
from souk.cart.models import Cart, CartLine
from souk.cart.queries import MAX_QUANTITY, open_cart
from souk.pricing.rules import Market

MAX_NOTE = 2_000


def change_line(session: Session, token: str, variant_id: int, quantity: int, groups: Iterable[str] = ()) -> None:
    """Set a line to `quantity`; 0 takes it out. The shown price becomes today's.

    Raises:
        UnknownCart, NotForSale, BadQuantity, OutOfStock: nothing was changed.

    """
    if not 0 <= quantity <= MAX_QUANTITY:
        raise BadQuantity(MAX_QUANTITY)
    cart = open_cart(session, token, lock=True)
    line = (CartLine.cart_id == cart.id, CartLine.variant_id == variant_id)
    if quantity == 0:
        session.execute(delete(CartLine).where(*line))
        return
    base, market = price_of(session, variant_id), Market(cart.currency, cart.country, frozenset(groups))
    price = unit_price(session, market, variant_id, base, quantity)
    refuse_more_than_available(session, variant_id, quantity)
    changed = update(CartLine).where(*line).values(quantity=quantity, unit_price=price)
    if session.execute(changed.returning(CartLine.id)).first() is None:
        raise NotForSale(variant_id)


def update_note(session: Session, token: str, note: str) -> None:
    """Keep the shopper's words to the merchant, 2,000 characters at most."""
    cart = open_cart(session, token, lock=True)
    session.execute(update(Cart).where(Cart.id == cart.id).values(note=note[:MAX_NOTE]))
