"""Tax on one amount: rounded once, then spread over its rates so that the parts add up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from souk.kernel.money import allocate, round_half_up
from souk.tax.rates import Rate

_MILLIONTHS = 1_000_000


@dataclass(frozen=True, slots=True)
class TaxPart:
    """What one rate takes: `amount` in minor units, inside the price when `included`, on top of it otherwise."""

    title: str
    rate: Decimal
    amount: int
    included: bool


def tax_on(amount: int, rates: Sequence[Rate], *, included: bool) -> list[TaxPart]:
    """Return the tax on `amount` (minor units), one part for each rate.

    The sum is rounded once, half away from zero, and spread by largest remainder:
    rounding each rate alone would differ from the rate that the buyer is told.
    """
    combined = sum((rate.rate for rate in rates), Decimal(0))
    base = amount * combined
    whole = round_half_up(base / (1 + combined) if included else base)
    shares = allocate(whole, [int(rate.rate * _MILLIONTHS) for rate in rates])
    return [TaxPart(rate.name, rate.rate, share, included) for rate, share in zip(rates, shares, strict=True)]
