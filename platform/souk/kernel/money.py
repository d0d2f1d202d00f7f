"""Money as an integer of minor units with its ISO 4217 currency.

Arithmetic refuses mixed currencies and floats. Rates and percentages are
`Decimal`; a product is rounded once, half away from zero, and amounts that
belong to a whole order are spread by largest remainder so that parts always
add up to the whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import Self

from babel.core import Locale
from babel.numbers import format_currency, get_currency_name, get_currency_precision, get_currency_symbol

from souk.kernel.errors import Invalid, SoukError

# ISO 4217 minor units where Babel's CLDR data follows cash custom instead.
_ISO_EXPONENTS = {
    "UGX": 0,
    "CLP": 0,
    "ISK": 0,
    "JPY": 0,
    "KRW": 0,
    "VND": 0,
    "PYG": 0,
    "RWF": 0,
    "XOF": 0,
    "XAF": 0,
}
_ISO_EXPONENTS |= {"HUF": 2, "IDR": 2, "COP": 2, "TWD": 2, "PKR": 2, "LBP": 2, "IRR": 2, "RSD": 2, "CZK": 2}
_ISO_EXPONENTS |= {"BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3}
MAX_AMOUNT = 10**15


class MixedCurrencies(SoukError):
    code = "mixed_currencies"

    def __init__(self, one: str, other: str) -> None:
        super().__init__(f"Amounts in {one} and {other} cannot be combined; convert one of them first.")


class UnreadableAmount(Invalid):
    code = "invalid_amount"

    def __init__(self, text: object, currency: str) -> None:
        digits = exponent(currency)
        super().__init__(
            f"{str(text)[:40]!r} is not an amount in {currency}; give a number with at most {digits} decimals."
        )


@lru_cache(maxsize=256)
def exponent(currency: str) -> int:
    """Return how many decimals `currency` has (ISO 4217: 0, 2 or 3)."""
    if currency in _ISO_EXPONENTS:
        return _ISO_EXPONENTS[currency]
    return get_currency_precision(currency)


def round_half_up(value: Decimal) -> int:
    """Round half away from zero: Python's round() goes to even, which buyers read as an error of a cent."""
    return int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP))


@dataclass(frozen=True, slots=True)
class Money:
    """An `amount` of minor units in `currency`."""

    amount: int
    currency: str

    @classmethod
    def zero(cls, currency: str) -> Self:
        return cls(0, currency)

    @classmethod
    def from_major(cls, text: str | int | Decimal, currency: str) -> Self:
        """Read major units ("12.50"); raises UnreadableAmount for anything inexact or out of range."""
        try:
            scaled = Decimal(text).scaleb(exponent(currency))
        except (InvalidOperation, ValueError, TypeError):
            raise UnreadableAmount(text, currency) from None
        if not scaled.is_finite() or scaled != scaled.to_integral_value() or abs(scaled) > MAX_AMOUNT:
            raise UnreadableAmount(text, currency)
        return cls(int(scaled), currency)

    @property
    def major(self) -> Decimal:
        return Decimal(self.amount).scaleb(-exponent(self.currency))

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.amount - other.amount, self.currency)

    def __mul__(self, quantity: int) -> Money:
        if not isinstance(quantity, int):
            raise TypeError("multiply money by a whole quantity; use .times(Decimal) for a rate")
        return Money(self.amount * quantity, self.currency)

    def __lt__(self, other: Money) -> bool:
        self._same(other)
        return self.amount < other.amount

    def __le__(self, other: Money) -> bool:
        self._same(other)
        return self.amount <= other.amount

    def __bool__(self) -> bool:
        return self.amount != 0

    def times(self, rate: Decimal) -> Money:
        """Return this amount times a rate, rounded once."""
        return Money(round_half_up(self.amount * rate), self.currency)

    def allocate(self, weights: Sequence[int]) -> list[Money]:
        """Spread this amount over `weights`; the parts add up to it exactly."""
        return [Money(part, self.currency) for part in allocate(self.amount, weights)]

    def format(self, locale: str) -> str:
        """Return the amount as a reader of `locale` (BCP 47, such as de-DE) writes it."""
        return _formatted(self.amount, self.currency, locale)

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            raise MixedCurrencies(self.currency, other.currency)


def allocate(amount: int, weights: Sequence[int]) -> list[int]:
    """Spread `amount` over non-negative `weights` by largest remainder, earlier parts first among equals."""
    if not weights:
        return []
    total = sum(weights)
    if total == 0:
        weights, total = [1] * len(weights), len(weights)
    sign = -1 if amount < 0 else 1
    shares = [divmod(abs(amount) * weight, total) for weight in weights]
    parts = [share for share, _ in shares]
    left = abs(amount) - sum(parts)
    by_remainder = sorted(range(len(weights)), key=lambda index: (-shares[index][1], index))
    for index in by_remainder[:left]:
        parts[index] += 1
    return [sign * part for part in parts]


@lru_cache(maxsize=512)
def currency_texts(currency: str, locale: str) -> tuple[str, str]:
    """Return the name and the sign of a currency as a reader of `locale` knows them."""
    known = _locale(locale)
    return get_currency_name(currency, locale=known), get_currency_symbol(currency, locale=known)


_SIGNS = "$¥"


# A page shows the same few prices again and again, and Babel takes 20 times as long as everything else about them.
@lru_cache(maxsize=20_000)
def _formatted(amount: int, currency: str, locale: str) -> str:
    known = _locale(locale)
    text = format_currency(Money(amount, currency).major, currency, locale=known)
    # Among letters from right to left the end of "US$" would be drawn before its letters.
    return f"{text}\u200e" if known.text_direction == "rtl" and text[-1] in _SIGNS else text


@lru_cache(maxsize=64)
def _locale(tag: str) -> Locale:
    return Locale.parse(tag, sep="-")
