"""Go from the cart to the checkout."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.orm import Session

from souk.cart.queries import OpenCart, open_cart
from souk.checkout.models import Checkout
from souk.customers.models import Customer
from souk.kernel import clock
from souk.kernel.settings import read_setting
from souk.kernel.statement import Statement
from souk.kernel.tokens import new_token
from souk.kernel.write_rows import insert_row

KEPT_FOR = timedelta(days=7)
_GOING_ON = Statement[Any](
    select(Checkout.token)
    .where(Checkout.cart_id == bindparam("cart_id"), or_(Checkout.status == "open", Checkout.status == "completing"))
    .order_by(Checkout.id.desc())
    .limit(1)
)
_EMAIL = Statement[Any](select(Customer.email).where(Customer.id == bindparam("customer_id")))


def start_checkout(
    session: Session, cart_token: str, customer_id: int | None = None, source: str = "storefront"
) -> str:
    """Return the token of the cart's checkout: the one that is open already, or a new one.

    Raises:
        UnknownCart: the cart was bought or has expired.

    """
    return checkout_of(session, open_cart(session, cart_token, lock=True), customer_id, source)


def checkout_of(
    session: Session, cart: OpenCart, customer_id: int | None = None, source: str = "storefront", locale: str = ""
) -> str:
    """Do what `start_checkout` does, for a cart whose row this transaction has locked, in the buyer's `locale`."""
    token = _GOING_ON.scalar(session, cart_id=cart.id)
    if token is None:
        return _insert(session, cart, customer_id, source, locale)
    if customer_id is not None:
        session.execute(update(Checkout).where(Checkout.token == token).values(customer_id=customer_id))
    return str(token)


def follow_cart(session: Session, cart_id: int, currency: str) -> None:
    """Let the open checkout of a cart that moved to another currency follow it; what was shown before is void."""
    open_one = (Checkout.cart_id == cart_id, Checkout.status == "open", Checkout.currency != currency)
    session.execute(update(Checkout).where(*open_one).values(currency=currency, totals={}, updated_at=clock.now()))


def _insert(session: Session, cart: OpenCart, customer_id: int | None, source: str, locale: str) -> str:
    token = new_token()
    known = _EMAIL.scalar(session, customer_id=customer_id) if customer_id is not None else None
    row = {
        "token": token,
        "cart_id": cart.id,
        "customer_id": customer_id,
        "email": known or "",
        "currency": cart.currency,
        "locale": locale or read_setting(session, "shop").get("locale", "en"),
        "note": cart.note,
        "source": source,
        "expires_at": clock.now() + KEPT_FOR,
    }
    insert_row(session, Checkout, row)
    return token
