"""What the operator sets for Stripe; every variable stands in docs/operators.md."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

API_BASE = "https://api.stripe.com"
JS_URL = "https://js.stripe.com/v3/"


@dataclass(frozen=True, slots=True)
class Environment:
    """`secret_key` and `publishable_key` are the platform's, for Connect. `fee_basis_points` is its share of a payment
    (100 are 1 %). Of `webhook_secrets` each is valid, so that a secret can be changed without losing a message.
    """

    secret_key: str
    publishable_key: str
    webhook_secrets: tuple[str, ...]
    fee_basis_points: int
    api_base: str
    js_url: str


def environment(env: Mapping[str, str] = os.environ) -> Environment:
    secrets = env.get("STRIPE_WEBHOOK_SECRET", "").replace(" ", "").split(",")
    return Environment(
        secret_key=env.get("STRIPE_SECRET_KEY", ""),
        publishable_key=env.get("STRIPE_PUBLISHABLE_KEY", ""),
        webhook_secrets=tuple(secret for secret in secrets if secret),
        fee_basis_points=int(env.get("STRIPE_APPLICATION_FEE_BPS") or 0),
        api_base=(env.get("STRIPE_API_BASE") or API_BASE).rstrip("/"),
        js_url=env.get("STRIPE_JS_URL") or JS_URL,
    )
