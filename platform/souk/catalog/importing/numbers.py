"""Read numbers as people and programs write them, and refuse those that could mean two things."""

from __future__ import annotations

import re
from collections.abc import Iterable

_BLANKS = re.compile(r"[\s\u00a0\u202f'\u2019]")
_CURRENCY = re.compile(
    r"^(?:[^\W\d_]{1,3}|\W{0,2}?[$€£¥₹]|[^\W\d_]{0,2}[$€£¥₹])?(-?[\d.,]*\d[\d.,]*)(?:[$€£¥₹]|[^\W\d_]{1,3})?$"
)
_COMMA = re.compile(r"^-?\d{1,3}(?:\.\d{3})+,\d+$|^-?\d+,\d{1,2}$")
_POINT = re.compile(r"^-?\d{1,3}(?:,\d{3})+\.\d+$|^-?\d+\.\d{1,2}$")
_GROUPED = re.compile(r"^-?\d{1,3}(?:[.,]\d{3})+$")


class UnreadableNumber(ValueError):
    """Its message completes a sentence: "... ; do this"."""


def plain_number(text: str, decimal: str) -> str:
    """Return `text` with a decimal point and without separators, currency or blanks; raises UnreadableNumber.

    `decimal` is what the file uses, a point or a comma; a number that can only be read the other way is read so.
    """
    bare = _BLANKS.sub("", text)
    found = _CURRENCY.match(bare)
    if found is None:
        raise UnreadableNumber(f"“{text[:40]}” is no number; write it like 12.50.")
    number = found[1]
    group = "," if decimal == "." else "."
    last = max(number.rfind("."), number.rfind(","))
    if last == -1:
        return number
    if "." in number and "," in number:
        mark = number[last]
        return _joined(number, mark, "," if mark == "." else ".", text)
    mark = number[last]
    if mark == decimal:
        return _joined(number, decimal, group, text)
    if number.count(mark) == 1 and not _GROUPED.match(number):
        return _joined(number, mark, decimal, text)
    if number.count(mark) == 1 and decimal == ".":
        raise UnreadableNumber(
            f"“{text[:40]}” may be {number.replace(mark, '')} or {number.replace(mark, '.')}; choose the decimal sign"
            " of the file, or write the number without separators."
        )
    return _joined(number, decimal, group, text)


def _joined(number: str, decimal: str, group: str, text: str) -> str:
    whole, _, rest = number.rpartition(decimal) if decimal in number else (number, "", "")
    if group in rest or decimal in whole or (group in whole and not _GROUPED.match(whole)):
        raise UnreadableNumber(f"“{text[:40]}” is no number; write it like 12.50.")
    whole = whole.replace(group, "")
    return f"{whole or '0'}.{rest}" if rest else whole


def decimal_sign(samples: Iterable[str]) -> str:
    """Return the decimal sign that these numbers show, a point when nothing speaks for a comma."""
    commas = points = 0
    for sample in samples:
        bare = re.sub(r"[^\d.,-]", "", sample)
        commas += bool(_COMMA.match(bare))
        points += bool(_POINT.match(bare))
    return "," if commas > points else "."
