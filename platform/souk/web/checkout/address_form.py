"""Which parts of an address a country writes after the street, in its order and under its names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from souk.addresses.rules import rules_of

_NAMES = {
    "state": "state_us", "province": "province", "county": "county", "prefecture": "prefecture", "emirate": "emirate",
}  # fmt: skip
# Nobody there would look for these under another name.
_OWN = ("prefecture", "emirate")
_PLACE = ("city", "state", "postal_code")


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
    order = [name for name in rules_of(country).order if name in _PLACE]
    if with_state and "state" not in order:
        order.append("state")
    if not country and "postal_code" not in order:
        order.insert(0, "postal_code")  # a form that does not know the country yet offers everything
    return tuple(_part(name, country) for name in order)


def _part(name: str, country: str) -> Part:
    rules = rules_of(country)
    required = name in rules.required
    if name == "postal_code":
        return Part(name, "zip" if country == "US" else "postal_code", required)
    if name == "state":
        choices = tuple(sorted(rules.states.items(), key=lambda pair: pair[1]))
        named = choices or required or rules.state_name in _OWN
        return Part(name, _NAMES.get(rules.state_name, "state") if named else "state", required, choices)
    return Part(name, name, required)
