"""Cells that a spreadsheet would run as formulas: made harmless when they go out, restored when they come back.

The apostrophe in front is what spreadsheets themselves use. A cell that had apostrophes in front of such a character
gets one more, so that the two directions are exact inverses.
"""

from __future__ import annotations

import re

_DANGEROUS = re.compile("'*[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20]")
_GUARDED = re.compile("'+[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20]")


def guard(text: str) -> str:
    """Return a cell that no spreadsheet runs."""
    return "'" + text if _DANGEROUS.match(text) else text


def unguard(text: str) -> str:
    """Return what `guard` was given."""
    return text[1:] if _GUARDED.match(text) else text


def guard_code(text: str) -> str:
    """Return an SKU or barcode as a cell; other programs put an apostrophe before any, to keep leading zeros."""
    return "'" + text if text.startswith("'") or _DANGEROUS.match(text) else text


def unguard_code(text: str) -> str:
    return text.removeprefix("'")
