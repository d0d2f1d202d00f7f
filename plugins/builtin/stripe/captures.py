"""Take authorized money. Stripe forgets idempotency keys after a day or more, so each capture leaves its mark."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import stripe

from plugins.api import CaptureResult, Payment
from plugins.builtin.stripe.amounts import THREE_DECIMAL, part_of, to_stripe
from plugins.builtin.stripe.client import answered, client_for, code_of, words_of
from plugins.builtin.stripe.intents import fetch
from plugins.builtin.stripe.keys import keys_of


def capture(payment: Payment, amount: int, key: str, *, final: bool) -> CaptureResult:
    """Take `amount`; an intent whose card knows no second capture lets go of the rest with the first."""
    intent, mark = fetch(payment), f"souk_{sha256(key.encode()).hexdigest()[:24]}"
    if mark in words_of(intent):
        return _taken(intent, payment)
    if payment.currency in THREE_DECIMAL and amount % 10 and amount != payment.amount:
        return CaptureResult(succeeded=False, error_code="amount_must_end_in_zero")
    params: dict[str, Any] = {
        "amount_to_capture": to_stripe(amount, payment.currency),
        "metadata": {mark: str(amount)},
        "expand": ["latest_charge"],
    }
    if captures_often(intent):
        params["final_capture"] = final
    intents = client_for(keys_of(payment.account)).payment_intents
    try:
        with answered():
            return _taken(intents.capture(payment.reference, params, {"idempotency_key": key}), payment)
    except stripe.StripeError as refused:
        return CaptureResult(succeeded=False, provider_reference=payment.reference, error_code=code_of(refused))


def captures_often(intent: Any) -> bool:
    """Whether the card behind an authorization may be captured more than once."""
    details = getattr(intent.latest_charge, "payment_method_details", None)
    card = getattr(details, "card", None)
    multicapture = getattr(card, "multicapture", None)
    return getattr(multicapture, "status", "") == "available"


def _taken(intent: Any, payment: Payment) -> CaptureResult:
    left = intent.amount_capturable if intent.status == "requires_capture" else 0
    return CaptureResult(succeeded=True, provider_reference=payment.reference, remaining=part_of(left or 0, payment))
