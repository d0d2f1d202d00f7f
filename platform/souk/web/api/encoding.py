"""JSON without binary floats: money goes in and out as the exact decimal number that it is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, NoReturn

from souk.kernel.errors import SoukError


@dataclass(frozen=True, slots=True)
class Encoded:
    """An answer that its handler wrote as JSON itself, where models cost more than the whole rest of the request."""

    text: str


class BrokenJson(SoukError):
    code = "broken_json"

    def __init__(self, detail: str = "The body is not JSON (RFC 8259) in UTF-8; send one JSON object.") -> None:
        super().__init__(detail)


def encode(value: Any) -> str:
    """Return `value` as JSON text: Decimal becomes a number with its own digits, datetime becomes RFC 3339."""
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{json.dumps(str(key))}:{encode(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(encode(item) for item in value) + "]"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return json.dumps(value.astimezone(UTC).isoformat().replace("+00:00", "Z"))
    return json.dumps(value, allow_nan=False)


def decode(raw: bytes) -> Any:
    """Return the value of JSON text; numbers with a fraction become Decimal."""
    try:
        return json.loads(raw.decode("utf-8"), parse_float=Decimal, parse_constant=_no_constant)
    except RecursionError:
        raise BrokenJson("The body nests deeper than any request of this API; flatten it.") from None
    # ValueError covers bad UTF-8, bad syntax and integers of thousands of digits.
    except (ValueError, ArithmeticError):
        raise BrokenJson from None


def _no_constant(_name: str) -> NoReturn:
    raise ValueError("NaN and Infinity are not JSON")
