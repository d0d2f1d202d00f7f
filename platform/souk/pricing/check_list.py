"""Refuse a price list that could not be calculated with."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pycountry

from souk.pricing.drafts import PriceListDraft
from souk.pricing.errors import PriceListInvalid
from souk.pricing.rules import Rules

MAX_NAME = 80
MAX_BREAKS = 10
MAX_QUANTITY = 10_000
MAX_PRIORITY = 1_000
_PERCENT = re.compile(r"[+-]?[0-9]{1,3}(\.[0-9]{1,4})?")


def checked_list(draft: PriceListDraft, rules: Rules) -> dict[str, Any]:
    """Return the columns of a list; raises PriceListInvalid with the first thing that is wrong."""
    name = draft.name.strip()
    if not 0 < len(name) <= MAX_NAME or not name.isprintable():
        raise PriceListInvalid("name", f"Give the list a name of 1 to {MAX_NAME} characters.")
    if draft.status not in {"active", "disabled"}:
        raise PriceListInvalid("status", "A list is active or disabled.")
    if draft.currency and draft.currency != rules.base and draft.currency not in rules.rates:
        raise PriceListInvalid(
            "currency", f"The shop does not sell in {draft.currency[:10]!r}; add the currency first."
        )
    if draft.starts_at and draft.ends_at and draft.ends_at <= draft.starts_at:
        raise PriceListInvalid("ends_at", "The list ends before it starts; exchange the two.")
    if abs(draft.priority) > MAX_PRIORITY:
        raise PriceListInvalid("priority", f"The rank is a number from -{MAX_PRIORITY} to {MAX_PRIORITY}.")
    return {
        "name": name,
        "status": draft.status,
        "currency": draft.currency,
        "countries": [_country(code) for code in dict.fromkeys(draft.countries)],
        "tags": sorted({tag.strip().lower()[:60] for tag in draft.tags if tag.strip()})[:50],
        "percent": percent("percent", draft.percent) if draft.percent.strip() else None,
        "breaks": _breaks(draft),
        "priority": draft.priority,
        "starts_at": draft.starts_at,
        "ends_at": draft.ends_at,
    }


def percent(field: str, text: str) -> Decimal:
    """Return a change in per cent: more than -100, at most 999, with at most four decimals."""
    typed = text.strip().removesuffix("%").strip().replace(",", ".").replace("\u2212", "-")
    if not _PERCENT.fullmatch(typed) or Decimal(typed) <= -100:  # noqa: PLR2004 - per cent
        cure = f"{text[:20]!r} is no change in per cent; write -10 for ten per cent less, 5 for five per cent more."
        raise PriceListInvalid(field, cure)
    return Decimal(typed)


def _country(code: str) -> str:
    if not code.isupper() or pycountry.countries.get(alpha_2=code) is None:
        raise PriceListInvalid("countries", f"{code[:20]!r} is no country; write a code of ISO 3166-1 such as DE.")
    return code


def _breaks(draft: PriceListDraft) -> list[dict[str, Any]]:
    if len(draft.breaks) > MAX_BREAKS:
        raise PriceListInvalid("breaks", f"A list has at most {MAX_BREAKS} quantity breaks.")
    found: dict[int, str] = {}
    for least, text in draft.breaks:
        change = percent("breaks", text)
        if not 1 < least <= MAX_QUANTITY or least in found:
            cure = f"Each quantity break begins at a number of its own, from 2 to {MAX_QUANTITY}."
            raise PriceListInvalid("breaks", cure)
        if change >= 0:
            raise PriceListInvalid("breaks", "A quantity break makes a unit cheaper; write -5 for five per cent less.")
        found[least] = str(change)
    return [{"from": least, "percent": found[least]} for least in sorted(found)]
