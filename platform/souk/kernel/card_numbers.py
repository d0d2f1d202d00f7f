"""Find what looks like a card number: it is refused in requests and scrubbed from logs (PCI DSS SAQ A)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from souk.kernel.errors import Invalid

_RUN = re.compile(r"(?<![0-9])[3-6][0-9](?:[ -]?[0-9]){11,17}(?![0-9])")
EAN_DIGITS = 13
# What card schemes have issued with 13 digits: Visa until the nineties, and Maestro by its list of prefixes. They share
# first digits with barcodes of German and British makers.
_ISSUED_WITH_13 = ("4", "5018", "5020", "5038", "5893", "6304", "6759", "6761", "6762", "6763")
SCRUBBED = "[card number removed]"


class CardNumberRefused(Invalid):
    code = "card_number_refused"

    def __init__(self) -> None:
        super().__init__(
            "The request holds what looks like a card number. Card data is entered at the payment provider only; "
            "send the provider's token instead."
        )


def scrub(text: str) -> str:
    """Return `text` with every card number replaced, and with every barcode that might be one: a log needs neither."""
    return _RUN.sub(lambda match: SCRUBBED if _luhn(match[0]) else match[0], text)


def refuse_card_numbers(value: Any, *, goods: bool = False) -> None:
    """Raise CardNumberRefused when any text or number in a nested JSON value looks like a card number.

    `goods`: the value is about products, where 13 digits with the check digit of a barcode are one. Elsewhere, in what
    a customer writes, such digits pass only where no card scheme ever gave them out.
    """
    if isinstance(value, Mapping):
        for key, item in value.items():
            refuse_card_numbers(key, goods=goods)
            refuse_card_numbers(item, goods=goods)
    elif isinstance(value, list | tuple):
        for item in value:
            refuse_card_numbers(item, goods=goods)
    elif isinstance(value, str | int) and any(_is_card(match[0], goods) for match in _RUN.finditer(str(value))):
        raise CardNumberRefused


def _is_card(text: str, goods: bool) -> bool:  # noqa: FBT001 - the caller's own word
    if not _luhn(text):
        return False
    # One barcode in ten passes the check digit of cards as well.
    return not _is_barcode(text) or (not goods and text.startswith(_ISSUED_WITH_13))


def _is_barcode(text: str) -> bool:
    """Tell whether these are the 13 digits of an EAN with their own check digit (GS1 General Specifications, 7.9)."""
    if len(text) != EAN_DIGITS or not text.isdecimal():
        return False
    digits = [int(character) for character in text]
    return (sum(digits[0::2]) + 3 * sum(digits[1::2])) % 10 == 0


def _luhn(text: str) -> bool:
    digits = [int(character) for character in text if character.isdigit()]
    doubled = [digit * 2 - 9 if digit > 4 else digit * 2 for digit in digits[-2::-2]]  # noqa: PLR2004 - Luhn, ISO/IEC 7812-1
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0
