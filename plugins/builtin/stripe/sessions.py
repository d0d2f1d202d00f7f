"""Checkout Sessions: the buyer pays on a page of Stripe's and comes back."""

from __future__ import annotations

from typing import Any

import stripe

from plugins.api import ChargeRequest, ChargeResult, Payment
from plugins.builtin.stripe.amounts import to_stripe
from plugins.builtin.stripe.client import answered, client_for
from plugins.builtin.stripe.intents import fee_of, metadata_of, refusals, result_of
from plugins.builtin.stripe.keys import keys_for_new, keys_of

PREFIX = "cs_"
EXPAND = {"expand": ["payment_intent", "payment_intent.latest_charge"]}


def create(request: ChargeRequest) -> str:
    """Make a session over the whole amount; returns its id. Raises ProviderRefused."""
    payment = request.payment
    keys = keys_for_new(payment.account)
    item = {
        "currency": payment.currency.lower(),
        "unit_amount": to_stripe(payment.amount, payment.currency),
        "product_data": {"name": request.description},
    }
    params: dict[str, Any] = {
        "mode": "payment",
        "line_items": [{"price_data": item, "quantity": 1}],
        "success_url": request.return_url,
        "cancel_url": request.return_url,
        "metadata": metadata_of(payment),
        "payment_intent_data": {
            "capture_method": request.capture,
            "description": request.description,
            "metadata": metadata_of(payment),
            **fee_of(keys, payment),
        },
    }
    if request.email:
        params["customer_email"] = request.email
    with refusals(), answered():
        session = client_for(keys).checkout.sessions.create(params, {"idempotency_key": payment.key})
    return str(session.id)


def read(payment: Payment) -> ChargeResult:
    """Return how a session stands: what its intent says once the buyer has paid, the way to its page before."""
    session = fetch(payment)
    intent = session.payment_intent
    if session.status == "complete" and intent is not None:
        return result_of(intent, payment)
    if session.status == "expired":
        return ChargeResult("canceled", payment.reference, "expired", captured=0, refunded=0)
    return ChargeResult("requires_action", payment.reference, "open", action={"type": "redirect", "url": session.url})


def fetch(payment: Payment) -> Any:
    with answered():
        return client_for(keys_of(payment.account)).checkout.sessions.retrieve(payment.reference, EXPAND)


def cancel(payment: Payment) -> ChargeResult | None:
    """End a session that nobody has paid; None for one that was paid, whose intent has to be asked."""
    sessions = client_for(keys_of(payment.account)).checkout.sessions
    try:
        with answered():
            sessions.expire(payment.reference)
    except stripe.InvalidRequestError:
        found = read(payment)
        return found if found.status == "canceled" else None
    return ChargeResult("canceled", payment.reference, "expired", captured=0, refunded=0)
