"""The whole application for the messages that providers send to it, and a Stripe on this machine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.doubles.stripe import StripeDouble, stripe_double
from tests.doubles.stripe.server import KEY, PUBLISHABLE
from tests.fixtures.apps import app, other_store, store

__all__ = ["app", "other_store", "store"]
PLATFORM_SECRET = "whsec_platform"


@pytest.fixture
def double(monkeypatch: pytest.MonkeyPatch) -> Iterator[StripeDouble]:
    """A double of its own for each test; at its end no parameter was one that Stripe does not have."""
    with stripe_double() as running:
        monkeypatch.setenv("STRIPE_API_BASE", running.url)
        monkeypatch.setenv("STRIPE_JS_URL", f"{running.url}/js/v3")
        monkeypatch.setenv("STRIPE_SECRET_KEY", KEY)
        monkeypatch.setenv("STRIPE_PUBLISHABLE_KEY", PUBLISHABLE)
        monkeypatch.setenv("STRIPE_WEBHOOK_SECRET", PLATFORM_SECRET)
        yield running
        assert running.refused == []
