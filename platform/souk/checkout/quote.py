"""Say what a checkout would cost for an address, as a wallet asks while its sheet is open; nothing is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from souk.checkout.changes import Changes, apply_changes
from souk.checkout.errors import CheckoutEnded
from souk.checkout.queries import checkout_by_token
from souk.checkout.read import CheckoutView, view_of


@dataclass(frozen=True, slots=True)
class Quote:
    """`view` is the checkout as it would be; its rates are those of the address."""

    view: CheckoutView

    def to_json(self) -> dict[str, Any]:
        """Return amounts in minor units, and what each provider's buttons have to be told of the new total."""
        view = self.view
        return {
            "currency": view.currency,
            "total": view.totals.total,
            "due": view.due,
            "code": view.shipping_rate.get("code", ""),
            "rates": [{"code": rate.code, "title": rate.title, "amount": rate.amount} for rate in view.rates],
            "parts": {name: dict(part.data) for name, part in view.payment_parts.items()},
        }


def quote_checkout(session: Session, token: str, address: Mapping[str, str], shipping_code: str = "") -> Quote:
    """Price the checkout for an address, which may have no street yet; a rate that is not offered gives way.

    Raises UnknownCheckout, CheckoutEnded, BadAddress.
    """
    checkout = checkout_by_token(session, token)
    if checkout.status != "open" or checkout.cart_completed_at is not None:
        raise CheckoutEnded
    told = Changes(shipping_address=address, shipping_code=shipping_code or None, or_cheapest=True)
    changed, now = apply_changes(session, checkout, told)
    return Quote(view_of(session, changed, now))
