"""Refuse what no field may hold: NUL bytes, lone surrogates, card numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from souk.kernel.card_numbers import refuse_card_numbers
from souk.kernel.errors import Invalid

# A German mobile number may pass the check digit of a card; E.164 allows 15 digits, after a plus sign.
_PHONE = re.compile(r"\+[1-9][0-9 ()./-]{5,20}")
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_MOST_PHONE_DIGITS = 15
_WHOLE_LIMIT = Decimal(10) ** 20


class UnstorableText(Invalid):
    code = "unstorable_text"

    def __init__(self) -> None:
        super().__init__("A text holds a NUL byte or half of a surrogate pair; send plain Unicode text.")


def refuse_unsafe(value: Any) -> None:
    """Raise when any key or value in a decoded request may not enter the shop."""
    for item in _leaves(value):
        if isinstance(item, str):
            _refuse_text(item)
            if not _is_phone(item):
                refuse_card_numbers(item)
        elif isinstance(item, Decimal):
            if item.is_finite() and abs(item) < _WHOLE_LIMIT:
                refuse_card_numbers(format(item, "f").split(".")[0])
        else:
            refuse_card_numbers(item)


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield key
            yield from _leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item)
    else:
        yield value


def _refuse_text(text: str) -> None:
    if _UNSTORABLE.search(text):
        raise UnstorableText


def _is_phone(text: str) -> bool:
    digits = sum(character.isdigit() for character in text)
    return digits <= _MOST_PHONE_DIGITS and _PHONE.fullmatch(text) is not None
