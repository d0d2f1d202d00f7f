"""The plugin: off until a merchant connects the shop."""

from __future__ import annotations

from collections.abc import Sequence

from plugins.api import PaymentProvider, Plugin, hookimpl
from plugins.builtin.stripe.provider import Stripe


class StripePayments(Plugin):
    id = "stripe"
    name = "Stripe"
    version = "1.0"
    default_enabled = False

    @hookimpl
    def payment_providers(self) -> Sequence[PaymentProvider]:
        return [Stripe()]
