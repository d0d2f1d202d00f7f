"""Bring back the goods of an abandoned checkout. Whoever has the link gets the goods; only the buyer gets the rest."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from souk.cart.add import add_to
from souk.cart.create import create_cart
from souk.cart.errors import BadQuantity, NotForSale, TooManyLines, UnknownCart
from souk.cart.models import Cart, CartLine
from souk.cart.queries import OpenCart, open_cart
from souk.checkout.abandoned.link import RecoveryLinkGone
from souk.checkout.models import Checkout
from souk.inventory.errors import OutOfStock
from souk.kernel import clock


@dataclass(frozen=True, slots=True)
class Recovered:
    """`cart_token` is for the visitor's cookie. `checkout_token` is there for the buyer alone: it opens their
    address.
    """

    cart_token: str
    checkout_token: str = ""


def recover(session: Session, checkout_id: int, visitors_cart: str, customer_id: int | None) -> Recovered:
    """Return the buyer to their own checkout; put the goods of it into the cart of anybody else.

    The buyer is who has the cart's secret in the browser, or is signed in as the checkout's customer. What is not
    for sale any more is left out. Raises RecoveryLinkGone.
    """
    left = _left(session, checkout_id)
    if left is None:
        raise RecoveryLinkGone
    now = clock.now()
    opened = update(Checkout).where(Checkout.id == checkout_id, Checkout.returned_at.is_(None))
    session.execute(opened.values(returned_at=now))
    goes_on = left.completed_at is None and left.cart_expires_at > now
    if goes_on and left.status == "open" and _is_buyer(left, visitors_cart, customer_id):
        return Recovered(left.cart_token, left.token)
    cart = _cart_of_visitor(session, visitors_cart, left, customer_id)
    _put_goods(session, cart.id, left)
    return Recovered(cart.token)


def _left(session: Session, checkout_id: int) -> Any:
    columns = (
        Checkout.id, Checkout.token, Checkout.status, Checkout.customer_id, Checkout.cart_id,
        Cart.token.label("cart_token"), Cart.currency, Cart.discount_codes, Cart.completed_at,
        Cart.expires_at.label("cart_expires_at"),
    )  # fmt: skip
    query = select(*columns).join(Cart, Cart.id == Checkout.cart_id).where(Checkout.id == checkout_id)
    return session.execute(query).first()


def _is_buyer(left: Any, visitors_cart: str, customer_id: int | None) -> bool:
    return visitors_cart == left.cart_token or (customer_id is not None and customer_id == left.customer_id)


@dataclass(frozen=True, slots=True)
class _Target:
    id: int
    token: str


def _cart_of_visitor(session: Session, token: str, left: Any, customer_id: int | None) -> _Target:
    """Return the visitor's own open cart, or a new one: never that of the checkout, whose secret leads to it."""
    own: OpenCart | None = None
    if token and token != left.cart_token:
        with suppress(UnknownCart):
            own = open_cart(session, token, lock=True)
    if own is not None and own.currency == left.currency:
        return _Target(own.id, token)
    made = create_cart(session, left.currency, customer_id)
    return _Target(made.id, made.token)


def _put_goods(session: Session, cart_id: int, left: Any) -> None:
    held = set(session.execute(select(CartLine.variant_id).where(CartLine.cart_id == cart_id)).scalars())
    lines = select(CartLine.variant_id, CartLine.quantity).where(CartLine.cart_id == left.cart_id)
    for variant_id, quantity in session.execute(lines.order_by(CartLine.id)).all():
        if variant_id not in held:
            with suppress(NotForSale, OutOfStock, BadQuantity, TooManyLines):
                add_to(session, cart_id, variant_id, quantity)
    changes: dict[str, Any] = {"updated_at": clock.now()}
    if not held:
        # Somebody who had goods of their own is no recovered buyer, and keeps their own codes.
        changes |= {"recovered_from": left.id, "discount_codes": list(left.discount_codes)}
    session.execute(update(Cart).where(Cart.id == cart_id).values(**changes))
