"""Which events of Stripe a shop listens to."""

from __future__ import annotations

# What our endpoints ask for; everything else would only cost time.
EVENTS = (
    "payment_intent.succeeded", "payment_intent.payment_failed", "payment_intent.canceled",
    "payment_intent.processing", "payment_intent.amount_capturable_updated",
    "checkout.session.completed", "checkout.session.expired", "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "charge.captured", "charge.expired", "charge.refunded", "refund.updated", "refund.failed",
    "charge.dispute.created", "charge.dispute.updated", "charge.dispute.closed",
)  # fmt: skip
# What the platform's endpoint hears of besides, about the accounts that are connected through it.
PLATFORM_EVENTS = (*EVENTS, "account.updated")
