"""Take what the buyer tells on the way: address, rate, payment, note."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from souk.checkout.address import clean_address, clean_email
from souk.checkout.errors import CheckoutBusy, CheckoutEnded
from souk.checkout.models import Checkout
from souk.checkout.queries import CheckoutRow, checkout_by_token, lock_checkout
from souk.checkout.read import assess, rate_to_json
from souk.kernel import clock
from souk.payments.errors import UnknownPaymentMethod
from souk.payments.provider import offered
from souk.shipping.errors import UnknownShippingRate

MAX_NOTE = 2_000


def update_checkout(
    session: Session,
    token: str,
    *,
    email: str | None = None,
    shipping_address: Mapping[str, Any] | None = None,
    billing_address: Mapping[str, Any] | None = None,
    shipping_code: str | None = None,
    payment_provider: str | None = None,
    note: str | None = None,
    accepts_marketing: bool | None = None,
) -> None:
    """Change what is given and leave the rest; the totals that result become the ones last shown.

    Raises:
        UnknownCheckout, CheckoutBusy, CheckoutEnded, BadEmail, BadAddress, UnknownShippingRate,
        UnknownPaymentMethod: nothing was changed.

    """
    checkout = _open(session, token)
    values: dict[str, Any] = {
        "email": None if email is None else clean_email(email),
        "shipping_address": None if shipping_address is None else clean_address(shipping_address),
        "billing_address": None if billing_address is None else clean_address(billing_address),
        "shipping_rate": None if shipping_code is None else {"code": shipping_code},
        "payment_provider": None if payment_provider is None else _known(session, payment_provider),
        "note": None if note is None else note[:MAX_NOTE],
        "accepts_marketing": accepts_marketing,
    }
    given = {name: value for name, value in values.items() if value is not None}
    _store(session, checkout.id, given)
    _settle_rate(session, checkout.id, chosen_now=shipping_code)


def _open(session: Session, token: str) -> CheckoutRow:
    checkout = checkout_by_token(session, token, lock=True)
    if checkout.status == "completing":
        raise CheckoutBusy
    if checkout.status != "open" or checkout.cart_completed_at is not None:
        raise CheckoutEnded
    return checkout


def _known(session: Session, name: str) -> str:
    if name not in {provider.name for provider in offered(session)}:
        raise UnknownPaymentMethod(name)
    return name


def _settle_rate(session: Session, checkout_id: int, *, chosen_now: str | None) -> None:
    # A rate chosen for another address may not be offered any more: it goes, and the requirement comes back.
    checkout = lock_checkout(session, checkout_id)
    now = assess(session, checkout)
    chosen = next((rate for rate in now.rates if rate.code == checkout.shipping_rate.get("code")), None)
    if chosen_now is not None and chosen is None:
        raise UnknownShippingRate(chosen_now)
    values = {"shipping_rate": rate_to_json(chosen), "totals": now.priced.to_json()}
    _store(session, checkout_id, values)


def _store(session: Session, checkout_id: int, values: Mapping[str, Any]) -> None:
    session.execute(update(Checkout).where(Checkout.id == checkout_id).values(**values, updated_at=clock.now()))
