"""Read amounts, numbers and moments as people type them."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from souk.kernel.errors import Invalid
from souk.kernel.money import Money, UnreadableAmount, exponent
from souk.web.dashboard.pages import zone

_MOST_DIGITS = 12
# Thousands and decimals parted by different signs: "1.234,50", "1,234.50", "1'234.50".
_GROUPED = re.compile(r"\d{1,3}([.,' \u00a0\u202f\u2019])\d{3}(?:\1\d{3})*(?!\1)[.,]\d+")
_LOCAL = "%Y-%m-%dT%H:%M"


class NotWhole(Invalid):
    code = "not_whole"

    def __init__(self, label: str) -> None:
        super().__init__(f"{label}: write a whole number, 0 or more.")


class NotMoment(Invalid):
    code = "not_moment"

    def __init__(self, label: str) -> None:
        super().__init__(f"{label}: choose a day and a time.")


def cleaned(text: str, most: int = 200) -> str:
    """Return what was typed on one line, without what no database keeps."""
    return " ".join(text.replace("\0", "").split())[:most]


def typed_amount(text: str, currency: str) -> int | None:
    """Return minor units, None for an empty field; raises UnreadableAmount.

    "1,000" is a thousand to some and one to others: it is asked again, not guessed.
    """
    if not text:
        return None
    grouped = _GROUPED.fullmatch(text)
    plain = (text.replace(grouped[1], "") if grouped else text).replace(",", ".")
    digits = plain.removeprefix("-").replace(".", "", 1)
    if not digits.isdecimal() or len(plain.partition(".")[2]) > exponent(currency):
        raise UnreadableAmount(text, currency)
    try:
        return Money.from_major(plain, currency).amount
    except UnreadableAmount:
        # With the comma that was typed.
        raise UnreadableAmount(text, currency) from None


def shown_amount(amount: int | None, currency: str) -> str:
    return "" if amount is None else f"{Money(amount, currency).major:f}"


def typed_number(text: str, label: str) -> int | None:
    """Return a whole number, None for an empty field; raises NotWhole."""
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS):
        raise NotWhole(label)
    return int(text)


def typed_moment(text: str, label: str) -> datetime | None:
    """Return the moment of a `datetime-local` field in the shop's time zone; raises NotMoment."""
    if not text:
        return None
    try:
        return datetime.strptime(text[:16], _LOCAL).replace(tzinfo=zone()).astimezone(UTC)
    except ValueError:
        raise NotMoment(label) from None


def shown_moment(moment: datetime | None) -> str:
    return moment.astimezone(zone()).strftime(_LOCAL) if moment else ""
