"""Check the name that a customer gives."""

from __future__ import annotations

from souk.customers.errors import BadName

MAX_LENGTH = 120


def clean_name(text: str) -> str:
    """Return the name without outer and doubled blanks; raises BadName."""
    name = " ".join(text.split())
    if not 0 < len(name) <= MAX_LENGTH or not name.isprintable():
        raise BadName(MAX_LENGTH)
    return name
