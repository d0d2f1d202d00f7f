"""Keep what the buyer tells on the way: address, rate, payment, note."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from souk.checkout.changes import Changes, apply_changes
from souk.checkout.errors import CheckoutBusy, CheckoutEnded
from souk.checkout.models import Checkout
from souk.checkout.queries import CheckoutRow, checkout_by_token
from souk.checkout.read import CheckoutView, view_of
from souk.kernel import clock
from souk.kernel.write_rows import update_row

# What a buyer can tell, and what follows from it.
_TOLD = (
    "email",
    "shipping_address",
    "billing_address",
    "shipping_rate",
    "payment_provider",
    "totals",
    "extras",
    "note",
    "accepts_marketing",
)


def update_checkout(session: Session, token: str, changes: Changes) -> CheckoutView:
    """Change what is given and leave the rest; the totals that result become the ones last shown.

    Raises:
        UnknownCheckout, CheckoutBusy, CheckoutEnded, BadEmail, BadAddress, UnknownShippingRate,
        UnknownPaymentMethod: nothing was changed.

    """
    changed, now = apply_changes(session, open_checkout(session, token), changes)
    write_told(session, changed)
    return view_of(session, changed, now)


def open_checkout(session: Session, token: str) -> CheckoutRow:
    """Return a checkout that can be changed, locked; raises UnknownCheckout, CheckoutBusy, CheckoutEnded."""
    checkout = checkout_by_token(session, token, lock=True)
    if checkout.status == "completing":
        raise CheckoutBusy
    if checkout.status != "open" or checkout.cart_completed_at is not None:
        raise CheckoutEnded
    return checkout


def write_told(session: Session, checkout: CheckoutRow, **values: Any) -> None:
    """Write what a buyer can tell, and `values` beside it, in one update."""
    told = {name: getattr(checkout, name) for name in _TOLD}
    update_row(session, Checkout, checkout.id, {**told, "updated_at": clock.now(), **values})
