"""Find the tax rates that hold at a destination on a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import BindParameter, bindparam, func, or_, select
from sqlalchemy.orm import Session

from souk.kernel.statement import Statement
from souk.tax.models import TaxRate

STANDARD = "standard"
_KEY: BindParameter[str] = bindparam("postal_key")
_DAY: BindParameter[date] = bindparam("day")
# Only the bytes of the characters may count: a language's order would put letters between digits.
_AFTER = func.left(_KEY, func.length(TaxRate.postal_from)).collate("C") >= TaxRate.postal_from
_BEFORE = func.left(_KEY, func.length(TaxRate.postal_to)).collate("C") <= TaxRate.postal_to
_RATES = Statement[Any](
    select(TaxRate.country, TaxRate.tax_class, TaxRate.name, TaxRate.rate, TaxRate.applies_to_shipping)
    .where(
        or_(TaxRate.country == bindparam("country"), TaxRate.country == bindparam("home")),
        or_(TaxRate.province == "", TaxRate.province == bindparam("province")),
        or_(TaxRate.postal_from == "", _AFTER & _BEFORE),
        or_(TaxRate.valid_from.is_(None), TaxRate.valid_from <= _DAY),
        or_(TaxRate.valid_to.is_(None), TaxRate.valid_to >= _DAY),
    )
    .order_by(TaxRate.province, TaxRate.postal_from, TaxRate.id)
)


@dataclass(frozen=True, slots=True)
class Rate:
    """`rate` is a fraction: Decimal("0.19") is 19 %."""

    tax_class: str
    name: str
    rate: Decimal
    applies_to_shipping: bool


@dataclass(frozen=True, slots=True)
class Place:
    """`province` is the ISO 3166-2 part after the dash; `postal_key` as `souk.addresses.postal` writes it."""

    country: str
    province: str = ""
    postal_key: str = ""


def rates_at(session: Session, place: Place, day: date, home: str = "") -> tuple[list[Rate], list[Rate]]:
    """Return the rates of the place and those of the whole country `home`, read in one statement.

    The country's rates come first, then those of the province and of the postal code; all are due (Canada, the USA).
    """
    asked = {"country": place.country, "province": place.province.upper(), "postal_key": place.postal_key, "day": day}
    rows = _RATES.all(session, **asked, home=home) if place.country or home else []
    there = [Rate(*row[1:]) for row in rows if row.country == place.country]
    return there, [Rate(*row[1:]) for row in rows if row.country == home]


def rates_for_class(rates: Sequence[Rate], tax_class: str) -> list[Rate]:
    """Return the rates of a class; a class without rates of its own is taxed as standard, never by accident at 0."""
    own = [rate for rate in rates if rate.tax_class == tax_class]
    return own or [rate for rate in rates if rate.tax_class == STANDARD]


def rates_for_shipping(rates: Sequence[Rate]) -> list[Rate]:
    return [rate for rate in rates if rate.applies_to_shipping and rate.tax_class == STANDARD]
