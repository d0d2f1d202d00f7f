"""Write an address in the order of its country."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from souk.addresses.countries import country_name
from souk.addresses.rules import rules_of

_PART = re.compile(r"%([A-Z])")
_FIELDS = {"N": "name", "O": "company", "A": "line1", "C": "city", "S": "state", "Z": "postal_code"}


def address_lines(address: Mapping[str, Any], locale: str) -> list[str]:
    """Return the lines of an envelope, without the phone; the country last, under its name in the language `locale`.

    Nothing that was given is left out, also where the country's own format has no place for it; and nothing is put
    in capitals, as a post office would, since people read these lines.
    """
    layout = rules_of(address.get("country", "")).layout
    placed = {_FIELDS[letter] for letter in _PART.findall(layout) if letter in _FIELDS}
    lines = [line for part in layout.split("%n") for line in _written(part, address)]
    rest = [address.get(field, "") for field in ("postal_code", "city", "state") if field not in placed]
    lines.append(" ".join(filter(None, rest)))
    lines.append(country_name(locale, address.get("country", "")))
    return [line for line in lines if line]


def _written(part: str, address: Mapping[str, Any]) -> list[str]:
    if "%A" in part:
        return [address.get("line1", ""), address.get("line2", "")]
    if not any(address.get(_FIELDS.get(letter, "")) for letter in _PART.findall(part)):
        return []  # a lone "〒" or comma says nothing
    line = _PART.sub(lambda found: address.get(_FIELDS.get(found[1], ""), ""), part)
    return [" ".join(line.split()).strip(" ,-/")]
