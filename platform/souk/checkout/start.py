"""Go from the cart to the checkout."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from souk.cart.queries import open_cart
from souk.checkout.models import Checkout
from souk.customers.models import Customer
from souk.kernel import clock
from souk.kernel.settings import read_setting
from souk.kernel.tokens import new_token

KEPT_FOR = timedelta(days=7)


def start_checkout(
    session: Session, cart_token: str, customer_id: int | None = None, source: str = "storefront"
) -> str:
    """Return the token of the cart's checkout: the one that is open already, or a new one.

    Raises:
        UnknownCart: the cart was bought or has expired.

    """
    cart = open_cart(session, cart_token, lock=True)
    going_on = select(Checkout.token).where(Checkout.cart_id == cart.id, Checkout.status.in_(["open", "completing"]))
    token = session.execute(going_on.order_by(Checkout.id.desc()).limit(1)).scalar_one_or_none()
    if token is None:
        return _insert(session, cart.id, cart.currency, cart.note, customer_id, source)
    if customer_id is not None:
        session.execute(update(Checkout).where(Checkout.token == token).values(customer_id=customer_id))
    return token


def _insert(  # noqa: PLR0917 - private, and all of it is one row
    session: Session, cart_id: int, currency: str, note: str, customer_id: int | None, source: str
) -> str:
    token, now = new_token(), clock.now()
    email = select(Customer.email).where(Customer.id == customer_id).scalar_subquery()
    known = session.execute(select(email)).scalar_one_or_none() if customer_id is not None else None
    session.execute(
        insert(Checkout).values(
            token=token,
            cart_id=cart_id,
            customer_id=customer_id,
            email=known or "",
            currency=currency,
            locale=read_setting(session, "shop").get("locale", "en"),
            note=note,
            source=source,
            expires_at=now + KEPT_FOR,
            updated_at=now,
        )
    )
    return token
