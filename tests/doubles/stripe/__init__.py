"""A Stripe that speaks HTTP on this machine: stateful, strict about parameters, and as unreliable as a test wants."""

from tests.doubles.stripe.server import StripeDouble, stripe_double

__all__ = ["StripeDouble", "stripe_double"]
