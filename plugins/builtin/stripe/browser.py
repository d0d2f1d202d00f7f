"""What the payment page needs of Stripe: its script from its own host, our module, and public facts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from plugins.api import BrowserPart, Capture, Payment, ProviderRefused
from plugins.builtin.stripe.amounts import to_stripe
from plugins.builtin.stripe.environment import JS_URL, environment
from plugins.builtin.stripe.intents import fetch
from plugins.builtin.stripe.keys import Keys, keys_for_new, keys_of

MODULE = Path(__file__).parent / "stripe.js"
# https://docs.stripe.com/security/guide#content-security-policy (read 2026-11)
_FRAMES = ("https://js.stripe.com", "https://*.js.stripe.com", "https://hooks.stripe.com")
_CONNECTS = ("https://api.stripe.com",)


def page_part(payment: Payment, capture: Capture) -> BrowserPart | None:
    """Return the Payment Element for an amount; None where the shop sends its buyers to Stripe's own page."""
    if payment.account.settings.get("checkout_page") or not payment.amount:
        return None
    try:
        keys = keys_for_new(payment.account)
        amount = to_stripe(payment.amount, payment.currency)
    except ProviderRefused:
        return None
    told = {"amount": amount, "currency": payment.currency.lower(), "captureMethod": capture}
    # A wallet's sheet adds our minor units up, so it is offered where Stripe's are the same.
    return replace(_part(keys, told), express=amount == payment.amount)


def step_part(payment: Payment) -> BrowserPart | None:
    """Return what the extra step of a payment needs; its secret goes to the buyer's page and is stored nowhere."""
    if not payment.reference.startswith("pi_"):
        return None
    return _part(keys_of(payment.account), {"clientSecret": fetch(payment).client_secret})


def _part(keys: Keys, data: dict[str, Any]) -> BrowserPart:
    script = environment().js_url
    parts = urlsplit(script)
    origin = f"{parts.scheme}://{parts.netloc}"
    own = script == JS_URL
    return BrowserPart(
        scripts=(script,),
        frames=_FRAMES if own else (origin,),
        connects=_CONNECTS if own else (origin,),
        data={"publishableKey": keys.publishable, "account": keys.account, **data},
    )
