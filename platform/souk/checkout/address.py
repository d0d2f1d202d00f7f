"""Postal addresses as a buyer types them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pycountry

from souk.checkout.errors import BadAddress

FIELDS = ("name", "line1", "line2", "city", "state", "postal_code", "country", "phone")
REQUIRED = ("name", "line1", "city", "country")
MAX_LENGTH = 200
# Countries whose post does not use postal codes (Universal Postal Union).
_NO_POSTAL_CODE = frozenset(
    ["AE", "AG", "AO", "BS", "BW", "BZ", "CM", "FJ", "GH", "GM", "GY", "HK", "JM", "MO", "PA", "QA", "RW", "UG", "ZW"]
)


def clean_address(address: Mapping[str, Any]) -> dict[str, str]:
    """Return the known fields, trimmed, with the country in capitals; raises BadAddress for what cannot be one."""
    cleaned = {}
    for field in address:
        if field not in FIELDS:
            raise BadAddress(field[:40])
    for field in FIELDS:
        value = address.get(field) or ""
        if not isinstance(value, str) or len(value) > MAX_LENGTH or "\x00" in value:
            raise BadAddress(field)
        cleaned[field] = value.strip()
    cleaned["country"] = cleaned["country"].upper()
    if cleaned["country"] and pycountry.countries.get(alpha_2=cleaned["country"]) is None:
        raise BadAddress("country")
    return cleaned


def missing_fields(address: Mapping[str, Any]) -> list[str]:
    """Return the fields without which a parcel does not arrive."""
    needed: tuple[str, ...] = REQUIRED
    if address.get("country") not in _NO_POSTAL_CODE:
        needed = (*REQUIRED, "postal_code")
    return [field for field in needed if not address.get(field)]
