"""Amounts as Stripe writes them, by https://docs.stripe.com/currencies (read 2026-11).

Most currencies have the minor units of ISO 4217. The exceptions: some have none with Stripe; ISK and UGX have none in
fact but are written as if they had two, which must be zero; of the five with three decimals the last must be zero.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from plugins.api import Payment, ProviderRefused, exponent

ZERO_DECIMAL = frozenset(
    ["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"]
)
# No minor unit, but written with two decimals, for the sake of older programs.
ZERO_WRITTEN_AS_TWO = frozenset(["ISK", "UGX"])
THREE_DECIMAL = frozenset(["BHD", "JOD", "KWD", "OMR", "TND"])
# ISO 4217 has three decimals and Stripe does not list them at all.
UNKNOWN = frozenset(["IQD", "LYD"])


def places(currency: str) -> int:
    """Return how many decimals Stripe's integers have."""
    if currency in ZERO_DECIMAL:
        return 0
    return 3 if currency in THREE_DECIMAL else 2


def to_stripe(amount: int, currency: str) -> int:
    """Return our minor units as Stripe's; raises ProviderRefused for what Stripe cannot charge.

    What is finer than Stripe can charge is rounded half up: to ten in currencies with three decimals.
    """
    if currency in UNKNOWN:
        raise ProviderRefused("currency_not_supported", f"Stripe takes no payments in {currency}.")
    major = Decimal(amount).scaleb(-exponent(currency))
    finest = 2 if currency in THREE_DECIMAL else 0 if currency in ZERO_WRITTEN_AS_TWO else places(currency)
    rounded = major.quantize(Decimal(1).scaleb(-finest), rounding=ROUND_HALF_UP)
    return int(rounded.scaleb(places(currency)))


def from_stripe(amount: int, currency: str) -> int:
    """Return Stripe's minor units as ours."""
    return int(Decimal(amount).scaleb(exponent(currency) - places(currency)).to_integral_value(ROUND_HALF_UP))


def part_of(theirs: int, payment: Payment) -> int:
    """Return a part of a payment in our minor units: the whole is our whole, whatever was rounded."""
    if theirs == to_stripe(payment.amount, payment.currency):
        return payment.amount
    return from_stripe(theirs, payment.currency)
