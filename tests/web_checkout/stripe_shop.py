"""A shop that takes payments through Stripe, and what its buyers and their banks do."""

from __future__ import annotations

from plugins.enablement import enable
from souk.checkout.notified import consume
from souk.checkout.queries import checkout_by_token
from souk.kernel.db import transaction
from souk.payments.attempts import latest_attempt
from tests.doubles.stripe import StripeDouble
from tests.factories.commerce import delivery_of
from tests.fixtures.stores import Store
from tests.payments.stripe_world import SECRET, own_keys


def connect(store: Store) -> None:
    with transaction(store.scope) as session:
        enable(session, "stripe", enabled=True, settings=own_keys().settings)


def reference_of(store: Store, token: str) -> str:
    with transaction(store.scope, read_only=True) as session:
        attempt = latest_attempt(session, checkout_by_token(session, token).id)
    assert attempt is not None
    return str(attempt.provider_reference)


def deliver(store: Store, double: StripeDouble, kind: str) -> int:
    """Send the newest event of a kind to the shop, and let the worker work on it; returns the answer's status."""
    event = next(one for one in reversed(double.store.events) if one["type"] == kind)
    headers, body = double.signed(event, SECRET)
    base = f"http://{store.host}"
    answer = store.client().post("/webhooks/stripe", data=body, headers=headers, base_url=base)
    consume(delivery_of(store.scope, "payment.notified", 0))
    return answer.status_code
