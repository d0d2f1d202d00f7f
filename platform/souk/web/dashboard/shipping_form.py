"""A shipping zone as it is typed: money in major units, one row for each rate."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from souk.kernel.money import Money, UnreadableAmount
from souk.shipping.check_zone import MAX_RATES
from souk.shipping.drafts import RateDraft, ZoneDraft
from souk.shipping.errors import ZoneInvalid
from souk.shipping.queries import Zone
from souk.web.dashboard.typed_values import typed_amount

AMOUNTS = ("price", "price_per_kg", "min_subtotal", "max_subtotal")
NUMBERS = ("min_weight_grams", "max_weight_grams", "min_days", "max_days")
CELLS = ("code", "title", *AMOUNTS, *NUMBERS)
BLANK_ROWS = 1
_MOST_DIGITS = 9
MAX_PARTS_TEXT = 8_000


@dataclass(slots=True)
class ZoneForm:
    """Everything as text, so that a refused form shows what was typed; `parts` are parts of countries, one a line."""

    name: str = ""
    countries: Sequence[str] = ()
    parts: str = ""
    profile: str = ""
    rates: list[dict[str, str]] = field(default_factory=list)

    def rows(self) -> list[dict[str, str]]:
        """Return the rates with room for new ones."""
        return [*self.rates, *(dict.fromkeys(CELLS, "") for _ in range(BLANK_ROWS))]


def stored_form(zone: Zone, currency: str) -> ZoneForm:
    whole = [part for part in zone.countries if not _is_part(part)]
    parts = "\n".join(part for part in zone.countries if _is_part(part))
    return ZoneForm(zone.name, whole, parts, zone.profile, [_row(rate, currency) for rate in zone.rates])


def typed_form(sent: MultiDict[str, str]) -> ZoneForm:
    """Read name, countries and the rows r-0-title, r-0-price and so on; rows without a name and price are left out."""
    rows = []
    for index in range(MAX_RATES + BLANK_ROWS):
        row = {name: _text(sent.get(f"r-{index}-{name}", "")) for name in CELLS}
        if any(value for name, value in row.items() if name != "code"):
            rows.append(row)
    parts = sent.get("parts", "").replace("\0", "")[:MAX_PARTS_TEXT]
    countries = [_text(code) for code in sent.getlist("countries")]
    return ZoneForm(_text(sent.get("name", "")), countries, parts, _text(sent.get("profile", "")), rows)


def draft_of(form: ZoneForm, currency: str) -> ZoneDraft:
    """Raises ZoneInvalid for the first cell that cannot be read."""
    parts = [part for part in re.split(r"[,;\s]+", form.parts.upper()) if part]
    rates = [_rate(row, currency) for row in form.rates]
    return ZoneDraft(form.name, [*form.countries, *parts], rates, form.profile)


def _is_part(text: str) -> bool:
    return "/" in text or "-" in text


def _text(typed: str) -> str:
    return " ".join(typed.replace("\0", "").split())[:100]


def _row(rate: Mapping[str, Any], currency: str) -> dict[str, str]:
    days = list(rate.get("delivery_days") or ())
    values = {**rate, "min_days": days[0] if days else None, "max_days": days[-1] if days else None}
    amounts = {name: Money(values[name], currency).major for name in AMOUNTS if values.get(name) is not None}
    shown = values | {name: f"{amount:f}" for name, amount in amounts.items()}
    return {name: "" if shown.get(name) is None else str(shown[name]) for name in CELLS}


def _rate(row: Mapping[str, str], currency: str) -> RateDraft:
    amounts = {name: _amount(row, name, currency) for name in AMOUNTS}
    numbers = {name: _number(row, name) for name in NUMBERS}
    price = amounts.pop("price")
    if price is None:
        raise ZoneInvalid("price", f"Give {row['title']!r} a price; 0 is free.")
    days = [value for name in ("min_days", "max_days") if (value := numbers.pop(name)) is not None]
    # One number alone is an exact promise: "2 days".
    both = (days[0], days[-1]) if days else ()
    return RateDraft(row["title"], price, row["code"], **amounts, **numbers, delivery_days=both)


def _amount(row: Mapping[str, str], name: str, currency: str) -> int | None:
    if not row[name]:
        return None
    try:
        return typed_amount(row[name], currency)
    except UnreadableAmount as error:
        raise ZoneInvalid(name, f"{row['title'] or 'A rate'}, {name.replace('_', ' ')}: {error.detail}") from None


def _number(row: Mapping[str, str], name: str) -> int | None:
    typed = row[name]
    if not typed:
        return None
    if not (typed.isascii() and typed.isdecimal() and len(typed) <= _MOST_DIGITS):
        raise ZoneInvalid(
            name, f"{row['title'] or 'A rate'}, {name.replace('_', ' ')}: write a whole number, 0 or more."
        )
    return int(typed)
