"""Filters that print money; the parts of a currency format are worked out once per locale."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from souk.kernel.money import Money, exponent
from themes.drops.money import MoneyDrop
from themes.filters.registry import theme_filter
from themes.page import state


@dataclass(frozen=True, slots=True)
class _Format:
    prefix: str
    suffix: str
    group: str
    point: str
    digits: int


@lru_cache(maxsize=256)
def _format(locale: str, currency: str) -> _Format:
    """Learn the format from one sample, because formatting each price by pattern costs 20 times as much."""
    digits = exponent(currency)
    sample = Money(1_234_567 * 10**digits, currency).format(locale)
    start, end = sample.index("1"), sample.rindex("7" if digits == 0 or sample[-3:] == "567" else "0") + 1
    number = sample[start:end]
    group = number[1 : number.index("2")]
    point = number[number.rindex("7") + 1 : len(number) - digits] if digits else ""
    return _Format(sample[:start], sample[end:], group, point, digits)


def formatted(value: Any, *, trim: bool = False, code: bool = False) -> str:
    """Return `value` as the page's locale writes it; nothing for nothing."""
    if not isinstance(value, MoneyDrop):
        return ""
    parts = _format(state().page.localization.locale, value.currency)
    whole, cents = divmod(abs(value.amount), 10**parts.digits)
    text = f"{whole:,}" if parts.group == "," else f"{whole:,}".replace(",", parts.group)
    if parts.digits and not (trim and cents == 0):
        text = f"{text}{parts.point}{cents:0{parts.digits}d}"
    sign = "-" if value.amount < 0 else ""
    return f"{sign}{parts.prefix}{text}{parts.suffix}{f' {value.currency}' if code else ''}"


@theme_filter
def money(value: Any) -> str:
    """A price as the locale writes it."""
    return formatted(value)


@theme_filter
def money_with_currency(value: Any) -> str:
    """A price with its currency code."""
    return formatted(value, code=True)


@theme_filter
def money_without_trailing_zeros(value: Any) -> str:
    """A price, without decimals when they are zero."""
    return formatted(value, trim=True)


@theme_filter
def money_without_currency(value: Any) -> str:
    """A price as bare digits, for data attributes and scripts: 19.99."""
    if not isinstance(value, MoneyDrop):
        return ""
    digits = exponent(value.currency)
    whole, rest = divmod(abs(value.amount), 10**digits)
    text = f"{whole}.{rest:0{digits}d}" if digits else str(whole)
    return f"-{text}" if value.amount < 0 else text
