"""The SDK's client for a shop's keys, and what its errors mean for money."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import stripe

from plugins.api import ProviderRefused, ProviderUnreachable
from plugins.builtin.stripe.environment import environment
from plugins.builtin.stripe.keys import Keys

NAME = "stripe"
# Two tries of each call have to fit well into the two minutes after which a sweep takes an attempt for dead.
TIMEOUT_SECONDS = 15
RETRIES = 1
_NOT_ANSWERED = (stripe.APIConnectionError, stripe.RateLimitError)
SERVER_ERROR = 500
IN_FLIGHT = 409


@lru_cache(maxsize=64)
def _client(secret: str, account: str, base: str) -> stripe.StripeClient:
    return stripe.StripeClient(
        secret,
        stripe_account=account or None,
        base_addresses={"api": base},
        max_network_retries=RETRIES,
        http_client=stripe.RequestsClient(timeout=TIMEOUT_SECONDS),
    )


def client_for(keys: Keys) -> Any:
    """Return the services of version 1 of Stripe's API under a shop's keys."""
    return _client(keys.secret, keys.account, environment().api_base).v1


def platform_client() -> Any:
    """Return the platform's own services; raises ProviderRefused without a platform key."""
    secret = environment().secret_key
    if not secret:
        raise ProviderRefused("no_platform_key", "The platform has no Stripe key; the operator sets STRIPE_SECRET_KEY.")
    return _client(secret, "", environment().api_base).v1


@contextmanager
def answered() -> Iterator[None]:
    """Turn whatever leaves open whether Stripe did what it was asked into ProviderUnreachable."""
    try:
        yield
    except _NOT_ANSWERED as error:
        raise ProviderUnreachable(NAME) from error
    except stripe.StripeError as error:
        # 409: a first request with this idempotency key is still being worked on.
        if error.http_status is None or error.http_status >= SERVER_ERROR or error.http_status == IN_FLIGHT:
            raise ProviderUnreachable(NAME) from error
        raise


def words_of(thing: Any) -> dict[str, str]:
    """Return an object's metadata."""
    return dict(thing.metadata.to_dict()) if thing.metadata is not None else {}


def code_of(error: stripe.StripeError) -> str:
    """Return Stripe's word for a refusal; of a declined card the bank's, where that says more."""
    told = error.error
    declined = getattr(told, "decline_code", None) if told is not None else None
    if declined == "insufficient_funds":
        return str(declined)
    return str(error.code or getattr(told, "type", None) or "refused")
