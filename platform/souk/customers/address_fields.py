"""Check a postal address: the one shape that accounts, checkouts and orders store."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pycountry

from souk.customers.errors import BadAddress

FIELDS = ("name", "line1", "line2", "city", "state", "postal_code", "country", "phone")
REQUIRED = ("name", "line1", "city", "country")
MAX_LENGTH = 200
_LABELS = {"name": "the name", "line1": "street and number", "city": "the city", "country": "the country"}


def clean_address(raw: Mapping[str, Any]) -> dict[str, str]:
    """Return all eight fields as trimmed text, the country as ISO 3166-1 alpha-2; raises BadAddress."""
    unknown = sorted(set(raw) - set(FIELDS))
    if unknown:
        raise BadAddress(str(unknown[0])[:40], f"it has no field of this name; the fields are {', '.join(FIELDS)}.")
    address = {field: _text(field, raw.get(field)) for field in FIELDS}
    for field in REQUIRED:
        if not address[field]:
            raise BadAddress(field, f"{_LABELS[field]} is missing.")
    address["country"] = address["country"].upper()
    if pycountry.countries.get(alpha_2=address["country"]) is None:
        raise BadAddress("country", "the country is a two-letter code such as DE or US.")
    return address


def _text(field: str, value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadAddress(field, f"{field} must be text.")
    text = " ".join(value.split())
    if len(text) > MAX_LENGTH or not text.isprintable():
        raise BadAddress(field, f"{field} has at most {MAX_LENGTH} characters, none of them a control character.")
    return text
