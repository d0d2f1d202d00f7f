"""Postal codes as tables compare them."""

from __future__ import annotations

_ZIP = 5


def postal_key(country: str, code: str) -> str:
    """Return a code without spaces and dashes in capitals: "sw1a 1aa" is SW1A1AA; of a ZIP+4 the ZIP alone."""
    key = "".join(char for char in code.upper() if char.isalnum())
    return key[:_ZIP] if country == "US" else key


def within(key: str, first: str, last: str) -> bool:
    """Tell whether a key lies in a range whose ends stand for all codes that begin with them; '' holds all."""
    return key[: len(first)] >= first and key[: len(last)] <= last
