"""Which parts of an address a country writes after the street, in its order and under its names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import pycountry

# "city, state, code" on the envelope; the others put the code first or have no states.
_CODE_LAST = frozenset(["AU", "BR", "CA", "CO", "GB", "ID", "IE", "IN", "KR", "NG", "NZ", "PK", "TH", "US", "ZA"])
# No part of the country is written between city and code.
_NO_STATE = frozenset(
    ["AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "FI", "FR", "GB", "GR", "HR", "HU", "IL", "IS", "LI", "LT",
     "LU", "LV", "MT", "NL", "NO", "NZ", "PL", "PT", "RO", "RS", "SE", "SG", "SI", "SK", "TN"]
)  # fmt: skip
# Short enough to choose from, and tax tables know these codes.
_CHOSEN = frozenset(["AU", "CA", "US"])
_STATE_NAMES = {"US": "state_us", "AU": "state_us", "CA": "province", "IE": "county", "JP": "prefecture"}


@dataclass(frozen=True, slots=True)
class Part:
    """`label` is a key below `address.`; `choices` are (code, name), empty where the part is typed."""

    name: str
    label: str
    required: bool
    choices: tuple[tuple[str, str], ...] = ()


@lru_cache(maxsize=512)
def parts_of(country: str, *, with_state: bool = False) -> tuple[Part, ...]:
    """Return the parts after the street; `with_state` keeps a state that somebody gave all the same."""
    code = Part("postal_code", "zip" if country == "US" else "postal_code", required=True)
    city = Part("city", "city", required=True)
    state = Part("state", _STATE_NAMES.get(country, "state"), country in _CHOSEN, _choices(country))
    if country in _NO_STATE and not with_state:
        return (city, code) if country in _CODE_LAST else (code, city)
    return (city, state, code) if country in _CODE_LAST else (code, city, state)


def _choices(country: str) -> tuple[tuple[str, str], ...]:
    if country not in _CHOSEN:
        return ()
    found = [one for one in pycountry.subdivisions if one.country_code == country]
    return tuple(sorted(((one.code.partition("-")[2], one.name) for one in found), key=lambda pair: pair[1]))
