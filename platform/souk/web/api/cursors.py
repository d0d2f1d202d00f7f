"""Where the next page of a list begins: an opaque text that holds the last id of the page before."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement

from souk.kernel.errors import Invalid

_INSIDE = re.compile(rb"before:([1-9][0-9]{0,17})")


class InvalidCursor(Invalid):
    code = "invalid_cursor"

    def __init__(self) -> None:
        super().__init__("`after` is not a next_cursor of this API; take it from the page before, or leave it out.")


def cursor_of(rows: Sequence[Any], limit: int) -> str | None:
    """Return the cursor after `limit` of these rows, which were asked for with one row more; None at the end."""
    if len(rows) <= limit:
        return None
    return base64.urlsafe_b64encode(f"before:{rows[limit - 1].id}".encode()).decode().rstrip("=")


def after(column: ColumnElement[int], cursor: str) -> list[ColumnElement[bool]]:
    """Return the condition for ids below the cursor's; none without one. Raises InvalidCursor."""
    if not cursor:
        return []
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        inside = _INSIDE.fullmatch(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (UnicodeEncodeError, binascii.Error):
        raise InvalidCursor from None
    if inside is None:
        raise InvalidCursor
    return [column < int(inside[1])]
