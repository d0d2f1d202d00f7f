"""Find the tax rates that hold at a destination."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.tax.models import TaxRate

STANDARD = "standard"


@dataclass(frozen=True, slots=True)
class Rate:
    """`rate` is a fraction: Decimal("0.19") is 19 %."""

    tax_class: str
    name: str
    rate: Decimal
    applies_to_shipping: bool


def rates_at(session: Session, country: str, province: str = "") -> list[Rate]:
    """Return the country's rates and, behind them, those of the province; both are due (Canada, the USA)."""
    columns = select(TaxRate.tax_class, TaxRate.name, TaxRate.rate, TaxRate.applies_to_shipping)
    here = columns.where(TaxRate.country == country, TaxRate.province.in_({"", province.upper()}))
    return [Rate(*row) for row in session.execute(here.order_by(TaxRate.province, TaxRate.id))]


def rates_for_class(rates: Sequence[Rate], tax_class: str) -> list[Rate]:
    """Return the rates of a class; a class without rates of its own is taxed as standard, never by accident at 0."""
    own = [rate for rate in rates if rate.tax_class == tax_class]
    return own or [rate for rate in rates if rate.tax_class == STANDARD]


def rates_for_shipping(rates: Sequence[Rate]) -> list[Rate]:
    return [rate for rate in rates if rate.applies_to_shipping and rate.tax_class == STANDARD]
