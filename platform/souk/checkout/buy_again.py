"""Put the goods of an order into a cart once more, as far as they are still sold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.cart.add import add_to
from souk.cart.errors import BadQuantity, NotForSale, TooManyLines
from souk.cart.models import CartLine
from souk.inventory.errors import OutOfStock
from souk.orders.models import OrderLine


@dataclass(frozen=True, slots=True)
class BoughtAgain:
    """Ids of order lines: `put` are in the cart, `fewer` are among those but not in full, `left` are not in it."""

    put: tuple[int, ...]
    fewer: tuple[int, ...]
    left: tuple[int, ...]


def buy_again(session: Session, order_id: int, cart_id: int, groups: Iterable[str] = ()) -> BoughtAgain:
    """Add the lines of an order, at today's prices, to a cart whose row this transaction has locked or made."""
    wanted = select(OrderLine.id, OrderLine.variant_id, OrderLine.quantity)
    lines = session.execute(wanted.where(OrderLine.order_id == order_id, OrderLine.quantity > 0).order_by(OrderLine.id))
    units = {line.id: (line.quantity, _put(session, cart_id, line, groups)) for line in lines.all()}
    return BoughtAgain(
        put=tuple(key for key, (_, put) in units.items() if put),
        fewer=tuple(key for key, (asked, put) in units.items() if 0 < put < asked),
        left=tuple(key for key, (_, put) in units.items() if not put),
    )


def _put(session: Session, cart_id: int, line: Any, groups: Iterable[str]) -> int:
    """Return how many units went in: all, what is there, or none."""
    if line.variant_id is None:
        return 0  # a line that staff wrote by hand
    try:
        add_to(session, cart_id, line.variant_id, line.quantity, groups)
    except OutOfStock as short:
        return _put_rest(session, cart_id, line, short, groups)
    except (NotForSale, BadQuantity, TooManyLines):
        return 0
    return int(line.quantity)


def _put_rest(session: Session, cart_id: int, line: Any, short: OutOfStock, groups: Iterable[str]) -> int:
    held = select(CartLine.quantity).where(CartLine.cart_id == cart_id, CartLine.variant_id == line.variant_id)
    there = short.items[0]["available"] - (session.execute(held).scalar_one_or_none() or 0)
    if there <= 0:
        return 0
    try:
        add_to(session, cart_id, line.variant_id, there, groups)
    except (OutOfStock, BadQuantity, TooManyLines):
        return 0  # sold between the two questions
    return there
