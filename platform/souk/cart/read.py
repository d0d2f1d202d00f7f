"""Show a cart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from souk.cart.queries import CartItem, items_of, open_cart
from souk.pricing.rules import Market


@dataclass(frozen=True, slots=True)
class CartView:
    """A cart at today's prices, in minor units of `currency`."""

    id: int
    token: str
    currency: str
    note: str
    lines: Sequence[CartItem]
    discount_codes: Sequence[str] = ()

    @property
    def item_count(self) -> int:
        return sum(line.quantity for line in self.lines)

    @property
    def subtotal(self) -> int:
        return sum(line.subtotal for line in self.lines)


def read_cart(session: Session, token: str, groups: Iterable[str] = ()) -> CartView:
    """Return an open cart at the prices of `groups`; raises UnknownCart when it was bought or has expired."""
    cart = open_cart(session, token)
    market = Market(cart.currency, cart.country, frozenset(groups))
    items = items_of(session, cart.id, market)
    return CartView(cart.id, token, cart.currency, cart.note, items, cart.discount_codes)
