"""Begin a cart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from souk.cart.models import Cart
from souk.kernel import clock
from souk.kernel.tokens import new_token
from souk.kernel.write_rows import insert_row

KEPT_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class NewCart:
    """`token` is the secret for the shopper's cookie."""

    id: int
    token: str
    currency: str


def create_cart(session: Session, currency: str, customer_id: int | None = None, country: str = "") -> NewCart:
    """Make an empty cart, kept for 30 days; its prices are those of `country` (ISO 3166-1 alpha-2) in `currency`."""
    now, token = clock.now(), new_token()
    row = {
        "token": token,
        "currency": currency,
        "country": country,
        "customer_id": customer_id,
        "expires_at": now + KEPT_FOR,
    }
    return NewCart(insert_row(session, Cart, row), token, currency)
