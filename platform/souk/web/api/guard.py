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
# A GTIN has at most 14 digits, and one in ten passes the check digit of cards.
_GTIN = re.compile(r"[0-9]{8,14}")
_WHOLE_LIMIT = Decimal(10) ** 20


class UnstorableText(Invalid):
    code = "unstorable_text"

    def __init__(self) -> None:
        super().__init__("A text holds a NUL byte or half of a surrogate pair; send plain Unicode text.")


def refuse_unsafe(value: Any, file_fields: frozenset[str] = frozenset(), *, goods: bool = False) -> None:
    """Raise when any key or value in a decoded request may not enter the shop.

    `file_fields` hold whole files: their readers have rules of their own. `goods`: the request is about products,
    whose texts hold barcodes.
    """
    for name, item in _leaves(value):
        if isinstance(item, str):
            _refuse_text(item)
            if name not in file_fields and not _is_phone(item) and not _is_barcode(name, item):
                refuse_card_numbers(item, goods=goods)
        elif isinstance(item, Decimal):
            if item.is_finite() and abs(item) < _WHOLE_LIMIT:
                refuse_card_numbers(format(item, "f").split(".")[0], goods=goods)
        else:
            refuse_card_numbers(item, goods=goods)


def _leaves(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Yield (the field it stands in, key or value)."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield "", key
            yield from _leaves(item, str(key))
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item, name)
    else:
        yield name, value


def _is_barcode(name: str, text: str) -> bool:
    return name == "barcode" and _GTIN.fullmatch(text) is not None


def _refuse_text(text: str) -> None:
    if _UNSTORABLE.search(text):
        raise UnstorableText


def _is_phone(text: str) -> bool:
    digits = sum(character.isdigit() for character in text)
    return digits <= _MOST_PHONE_DIGITS and _PHONE.fullmatch(text) is not None
