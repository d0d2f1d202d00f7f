"""Show a cart in another currency, or at the prices of another country."""

from __future__ import annotations

from sqlalchemy import bindparam, update
from sqlalchemy.orm import Session

from souk.cart.models import Cart, CartLine
from souk.cart.queries import items_of, open_cart
from souk.pricing.rules import Market


def switch_market(session: Session, token: str, market: Market) -> int:
    """Move an open cart to a market and return its id; its lines are shown at the prices there from now on.

    Raises UnknownCart: nothing was changed.
    """
    cart = open_cart(session, token, lock=True)
    place = {"currency": market.currency, "country": market.country}
    session.execute(update(Cart).where(Cart.id == cart.id).values(**place))
    shown = [
        {"of_cart": cart.id, "of_variant": item.variant_id, "unit_price": item.unit_price}
        for item in items_of(session, cart.id, market)
    ]
    if shown:
        line = update(CartLine).where(
            CartLine.cart_id == bindparam("of_cart"), CartLine.variant_id == bindparam("of_variant")
        )
        session.connection().execute(line.values(unit_price=bindparam("unit_price")), shown)
    return cart.id
