"""Where the next page of a list begins: an opaque text that holds the last id of the page before."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement

from souk.kernel.errors import Invalid

_INSIDE = re.compile(rb"after:([1-9][0-9]{0,17})")


class InvalidCursor(Invalid):
    code = "invalid_cursor"

    def __init__(self) -> None:
        super().__init__("`after` is not a next_cursor of this API; take it from the page before, or leave it out.")


def cursor_after(number: int) -> str:
    """Return the cursor of what comes after the row with this number."""
    return base64.urlsafe_b64encode(f"after:{number}".encode()).decode().rstrip("=")


def cursor_of(rows: Sequence[Any], limit: int) -> str | None:
    """Return the cursor after `limit` of these rows, which were asked for with one row more; None at the end."""
    return cursor_after(rows[limit - 1].id) if len(rows) > limit else None


def position(cursor: str) -> int:
    """Return the number inside, 0 without a cursor; raises InvalidCursor."""
    if not cursor:
        return 0
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        inside = _INSIDE.fullmatch(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (UnicodeEncodeError, binascii.Error):
        raise InvalidCursor from None
    if inside is None:
        raise InvalidCursor
    return int(inside[1])


def after(column: ColumnElement[int], cursor: str) -> list[ColumnElement[bool]]:
    """Return the condition for ids below the cursor's, since lists go downwards; none without one."""
    return [column < position(cursor)] if cursor else []
