"""Make or change a row of the tax table."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pycountry
from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from souk.addresses.postal import postal_key
from souk.tax.errors import TaxRateInvalid, TaxRateTaken
from souk.tax.models import TaxRate
from souk.tax.queries import read_rate
from souk.tax.rates import STANDARD

MAX_NAME = 80
MAX_POSTAL = 12
# Four decimals of a percentage are the six of the stored fraction: nothing is ever rounded away.
_PERCENTAGE = re.compile(r"[0-9]{1,2}(\.[0-9]{1,4})?")


@dataclass(frozen=True, slots=True)
class TaxRateDraft:
    """`percentage` is text such as "7.25"; `province` the ISO 3166-2 part after the dash, or ''.

    `postal_from` and `postal_to` bound the postal codes, one alone stands for both; `valid_from` and `valid_to` are
    ISO 8601 days, '' for an open end.
    """

    country: str
    name: str
    percentage: str
    province: str = ""
    postal_from: str = ""
    postal_to: str = ""
    tax_class: str = STANDARD
    applies_to_shipping: bool = True
    valid_from: str = ""
    valid_to: str = ""


def save_rate(session: Session, draft: TaxRateDraft, tax_rate_id: int | None = None) -> int:
    """Return the id of the rate, a new one without `tax_rate_id`.

    Raises:
        TaxRateMissing, TaxRateInvalid, TaxRateTaken: nothing was changed.

    """
    if tax_rate_id is not None:
        read_rate(session, tax_rate_id)
    values = _checked(draft)
    try:
        # Only the constraint sees a second request that saves the same rate now.
        with session.begin_nested():
            return _write(session, values, tax_rate_id)
    except IntegrityError:
        raise TaxRateTaken(draft.name) from None


def _write(session: Session, values: Mapping[str, Any], tax_rate_id: int | None) -> int:
    if tax_rate_id is None:
        return session.execute(insert(TaxRate).values(**values).returning(TaxRate.id)).scalar_one()
    session.execute(update(TaxRate).where(TaxRate.id == tax_rate_id).values(**values))
    return tax_rate_id


def _checked(draft: TaxRateDraft) -> dict[str, Any]:
    country, province = draft.country.upper(), draft.province.upper()
    if pycountry.countries.get(alpha_2=country) is None:
        raise TaxRateInvalid("country", "Choose the country in which the tax is due.")
    if province and not _is_province(country, province):
        cure = f"{province[:20]!r} is no province of {country}; write its ISO 3166-2 code such as CA in US-CA, or none."
        raise TaxRateInvalid("province", cure)
    for field, text in (("name", draft.name), ("tax_class", draft.tax_class)):
        if not 0 < len(text) <= MAX_NAME or not text.isprintable() or text.isspace():
            raise TaxRateInvalid(field, f"The name of the tax and its class have 1 to {MAX_NAME} characters each.")
    return {
        "country": country,
        "province": province,
        **_postal_range(country, draft),
        **_days(draft),
        "tax_class": draft.tax_class,
        "name": draft.name,
        "rate": _fraction(draft.percentage),
        "applies_to_shipping": draft.applies_to_shipping,
    }


def _postal_range(country: str, draft: TaxRateDraft) -> dict[str, str]:
    first, last = (postal_key(country, code) for code in (draft.postal_from, draft.postal_to))
    first, last = first or last, last or first
    if first > last or max(len(first), len(last)) > MAX_POSTAL:
        raise TaxRateInvalid("postal_from", "The first postal code comes before the last one; exchange the two.")
    return {"postal_from": first, "postal_to": last}


def _days(draft: TaxRateDraft) -> dict[str, date | None]:
    first, last = (_day(field, getattr(draft, field)) for field in ("valid_from", "valid_to"))
    if first and last and first > last:
        raise TaxRateInvalid("valid_from", "The first day comes before the last one; exchange the two.")
    return {"valid_from": first, "valid_to": last}


def _day(field: str, text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise TaxRateInvalid(field, f"{text[:20]!r} is no day; write it as 2026-07-01.") from None


def _is_province(country: str, province: str) -> bool:
    found = pycountry.subdivisions.get(code=f"{country}-{province}")  # type: ignore[no-untyped-call]
    return found is not None


def _fraction(percentage: str) -> Decimal:
    if not _PERCENTAGE.fullmatch(percentage):
        cure = f"{percentage[:20]!r} is no percentage; write 0 or more and less than 100 with at most 4 decimals: 7.25."
        raise TaxRateInvalid("percentage", cure)
    return Decimal(percentage) / 100
