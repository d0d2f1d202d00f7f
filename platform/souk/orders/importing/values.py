"""Read dates and amounts of an order file."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo
from decimal import Decimal, InvalidOperation

from souk.catalog.importing.numbers import UnreadableNumber, plain_number
from souk.kernel.money import exponent, round_half_up

MOST_MINOR = 10**15
_GERMAN = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:[ ,]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?")
_PLAIN = re.compile(r"-?\d+(\.\d+)?")
_SHOPIFY = re.compile(r"(.+) ([+-]\d{2}):?(\d{2})")


def moment(text: str, zone: tzinfo) -> datetime:
    """Return the moment in UTC; a time without a zone is the shop's. Raises UnreadableNumber with the cure."""
    german = _GERMAN.fullmatch(text)
    try:
        if german is not None:
            day, month, year, hour, minute, second = (int(part or 0) for part in german.groups())
            return datetime(year, month, day, hour, minute, second, tzinfo=zone).astimezone(UTC)
        shopify = _SHOPIFY.fullmatch(text)
        iso = f"{shopify[1]}{shopify[2]}:{shopify[3]}" if shopify else text.removesuffix(" UTC")
        found = datetime.fromisoformat(iso)
    except ValueError:
        raise UnreadableNumber(f"“{text[:40]}” is no date; write it like 2026-05-31 14:30.") from None
    at = found if found.tzinfo is not None else found.replace(tzinfo=zone)
    return at.astimezone(UTC)


def quantity(text: str, decimal: str) -> int:
    """Return a whole number that is not 0; goods that came back are negative. Raises UnreadableNumber."""
    number = _decimal(text, decimal)
    if number != number.to_integral_value() or not 0 < abs(number) <= 10**9:
        raise UnreadableNumber(f"“{text[:40]}” is no quantity; write a whole number that is not 0.")
    return int(number)


def price(text: str, decimal: str, currency: str) -> Decimal:
    """Return minor units, perhaps with a fraction: a screw may cost 0.1 cents. Raises UnreadableNumber."""
    value = _decimal(text, decimal).scaleb(exponent(currency))
    if abs(value) > MOST_MINOR:
        raise UnreadableNumber(f"“{text[:40]}” is too large for an amount; check the decimal sign.")
    return value


def amount(text: str, decimal: str, currency: str) -> int:
    """Return minor units, rounded once; an empty cell is 0."""
    return round_half_up(price(text, decimal, currency)) if text else 0


def _decimal(text: str, decimal: str) -> Decimal:
    bare = text.strip()
    # Most numbers of a file are plain, and the reader of all others takes twenty times as long.
    plain = decimal == "." and _PLAIN.fullmatch(bare)
    try:
        number = Decimal(bare if plain else plain_number(bare, decimal))
    except InvalidOperation:
        raise UnreadableNumber(f"“{text[:40]}” is no number; write it like 12.50.") from None
    return number
