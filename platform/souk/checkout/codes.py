"""Enter a discount code in the checkout, or take it off."""

from __future__ import annotations

from sqlalchemy.orm import Session

from souk.checkout.changes import UNCHANGED
from souk.checkout.gift_cards import add_gift_card
from souk.checkout.read import CheckoutView, claim_of, market_of
from souk.checkout.update import open_checkout, update_checkout
from souk.discounts.enter_code import enter_code, remove_code
from souk.payments.gift_cards.code import plain_code


def enter_checkout_code(session: Session, token: str, typed: str) -> CheckoutView:
    """Keep a code that counts for this buyer, address and cart, or let the gift card of that code pay.

    Returns the checkout at its new prices.

    Raises:
        UnknownCheckout, CheckoutBusy, CheckoutEnded, CodeRefused, TooManyCodes, GiftCardCodeUnknown,
        GiftCardEmpty, GiftCardOtherCurrency, TooManyGiftCards: nothing was changed.

    """
    if plain_code(typed):
        return add_gift_card(session, token, typed)
    checkout = open_checkout(session, token)
    country = str(checkout.shipping_address.get("country", ""))
    enter_code(session, checkout.cart_id, typed, claim_of(checkout), country, market_of(checkout))
    return update_checkout(session, token, UNCHANGED)


def remove_checkout_code(session: Session, token: str, typed: str) -> CheckoutView:
    """Take a code off; one that is not there changes nothing. Raises UnknownCheckout, CheckoutBusy, CheckoutEnded."""
    remove_code(session, open_checkout(session, token).cart_id, typed)
    return update_checkout(session, token, UNCHANGED)
