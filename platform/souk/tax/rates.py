"""Find the tax rates that hold at a destination."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from souk.kernel.statement import Statement
from souk.tax.models import TaxRate

STANDARD = "standard"


@dataclass(frozen=True, slots=True)
class Rate:
    """`rate` is a fraction: Decimal("0.19") is 19 %."""

    tax_class: str
    name: str
    rate: Decimal
    applies_to_shipping: bool


_RATES = Statement(
    select(TaxRate.tax_class, TaxRate.name, TaxRate.rate, TaxRate.applies_to_shipping)
    .where(
        TaxRate.country == bindparam("country"),
        or_(TaxRate.province == "", TaxRate.province == bindparam("province")),
    )
    .order_by(TaxRate.province, TaxRate.id),
    Rate,
)


def rates_at(session: Session, country: str, province: str = "") -> list[Rate]:
    """Return the country's rates and, behind them, those of the province; both are due (Canada, the USA)."""
    return _RATES.all(session, country=country, province=province.upper())


def rates_for_class(rates: Sequence[Rate], tax_class: str) -> list[Rate]:
    """Return the rates of a class; a class without rates of its own is taxed as standard, never by accident at 0."""
    own = [rate for rate in rates if rate.tax_class == tax_class]
    return own or [rate for rate in rates if rate.tax_class == STANDARD]


def rates_for_shipping(rates: Sequence[Rate]) -> list[Rate]:
    return [rate for rate in rates if rate.applies_to_shipping and rate.tax_class == STANDARD]
