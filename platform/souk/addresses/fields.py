"""Trim and check the fields of an address as somebody typed them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pycountry

from souk.addresses.errors import BadAddress

FIELDS = ("name", "line1", "line2", "city", "state", "postal_code", "country", "phone")
# Kept only where given: a shopper who buys for themselves has neither.
BUSINESS = ("company", "tax_number")
MAX_LENGTH = 200


def clean_address(raw: Mapping[str, Any]) -> dict[str, str]:
    """Return the eight fields, and those of a business where given, as trimmed text with the country in capitals.

    An empty field is no error here: what a parcel needs is told by `souk.addresses.complete`. Raises BadAddress.
    """
    for field in raw:
        if field not in FIELDS and field not in BUSINESS:
            raise BadAddress(str(field)[:40], f"An address has the fields {', '.join((*FIELDS, *BUSINESS))}.")
    cleaned = {field: _text(field, raw.get(field)) for field in FIELDS}
    cleaned |= {field: text for field in BUSINESS if (text := _text(field, raw.get(field)))}
    cleaned["country"] = cleaned["country"].upper()
    if cleaned["country"] and pycountry.countries.get(alpha_2=cleaned["country"]) is None:
        raise BadAddress("country")
    return cleaned


def _text(field: str, value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadAddress(field)
    text = " ".join(value.split())
    if len(text) > MAX_LENGTH or not text.isprintable():
        raise BadAddress(field)
    return text
