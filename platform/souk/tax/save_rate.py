"""Make or change a row of the tax table."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pycountry
from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from souk.tax.errors import TaxRateInvalid, TaxRateTaken
from souk.tax.models import TaxRate
from souk.tax.queries import read_rate
from souk.tax.rates import STANDARD

MAX_NAME = 80
# Four decimals of a percentage are the six of the stored fraction: nothing is ever rounded away.
_PERCENTAGE = re.compile(r"[0-9]{1,2}(\.[0-9]{1,4})?")


@dataclass(frozen=True, slots=True)
class TaxRateDraft:
    """`percentage` is text such as "7.25"; `province` the ISO 3166-2 part after the dash, or ''."""

    country: str
    name: str
    percentage: str
    province: str = ""
    tax_class: str = STANDARD
    applies_to_shipping: bool = True


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
        "tax_class": draft.tax_class,
        "name": draft.name,
        "rate": _fraction(draft.percentage),
        "applies_to_shipping": draft.applies_to_shipping,
    }


def _is_province(country: str, province: str) -> bool:
    found = pycountry.subdivisions.get(code=f"{country}-{province}")  # type: ignore[no-untyped-call]
    return found is not None


def _fraction(percentage: str) -> Decimal:
    if not _PERCENTAGE.fullmatch(percentage):
        cure = f"{percentage[:20]!r} is no percentage; write 0 or more and less than 100 with at most 4 decimals: 7.25."
        raise TaxRateInvalid("percentage", cure)
    return Decimal(percentage) / 100
