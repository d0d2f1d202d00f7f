"""Show a cart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from souk.cart.queries import CartItem, items_of, open_cart


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


def read_cart(session: Session, token: str) -> CartView:
    """Return an open cart; raises UnknownCart when it was bought or has expired."""
    cart = open_cart(session, token)
    return CartView(cart.id, token, cart.currency, cart.note, items_of(session, cart.id), cart.discount_codes)
