"""Say what an address still lacks before a parcel can go there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from souk.addresses.rules import rules_of

_ALWAYS = ("name", "country")
_ORDER = ("name", "line1", "city", "state", "postal_code", "country")


def missing_fields(address: Mapping[str, Any]) -> list[str]:
    """Return the empty fields that the address's country needs, in the order of a form."""
    needed = {*_ALWAYS, *rules_of(address.get("country", "")).required}
    return [field for field in _ORDER if field in needed and not address.get(field)]


def wrong_postal_code(address: Mapping[str, Any]) -> str | None:
    """Return an example of the country's postal codes when the given one cannot be one, None when it can."""
    rules, given = rules_of(address.get("country", "")), address.get("postal_code", "")
    if not given or rules.postal_code is None or rules.postal_code.match(given):
        return None
    return rules.example


def wrong_state(address: Mapping[str, Any]) -> bool:
    """Tell whether the state is none of those that the country has; free text is taken where it has no list."""
    states, given = rules_of(address.get("country", "")).states, address.get("state", "")
    return bool(states and given and given.upper() not in states)
