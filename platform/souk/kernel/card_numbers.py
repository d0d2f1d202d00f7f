"""Find what looks like a card number: it is refused in requests and scrubbed from logs (PCI DSS SAQ A)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from souk.kernel.errors import Invalid

_RUN = re.compile(r"(?<![0-9])[3-6][0-9](?:[ -]?[0-9]){11,17}(?![0-9])")
EAN_DIGITS = 13
SCRUBBED = "[card number removed]"


class CardNumberRefused(Invalid):
    code = "card_number_refused"

    def __init__(self) -> None:
        super().__init__(
            "The request holds what looks like a card number. Card data is entered at the payment provider only; "
            "send the provider's token instead."
        )


def scrub(text: str) -> str:
    """Return `text` with every card number replaced."""
    return _RUN.sub(lambda match: SCRUBBED if _is_card(match[0]) else match[0], text)


def refuse_card_numbers(value: Any) -> None:
    """Raise CardNumberRefused when any text or number in a nested JSON value looks like a card number."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            refuse_card_numbers(key)
            refuse_card_numbers(item)
    elif isinstance(value, list | tuple):
        for item in value:
            refuse_card_numbers(item)
    elif isinstance(value, str | int) and any(_is_card(match[0]) for match in _RUN.finditer(str(value))):
        raise CardNumberRefused


def _is_card(text: str) -> bool:
    # Card numbers of 13 digits are no longer issued, and one barcode in forty passes their check digit as well.
    return _luhn(text) and not _is_barcode(text)


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
