"""Read the shop's tax table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from souk.tax.errors import TaxRateMissing
from souk.tax.models import TaxRate

_RATES = select(
    TaxRate.id,
    TaxRate.country,
    TaxRate.province,
    TaxRate.tax_class,
    TaxRate.name,
    TaxRate.rate,
    TaxRate.applies_to_shipping,
    TaxRate.postal_from,
    TaxRate.postal_to,
    TaxRate.valid_from,
    TaxRate.valid_to,
)


@dataclass(frozen=True, slots=True)
class TaxRateRow:
    """`rate` is a fraction: Decimal("0.19") is 19 %."""

    id: int
    country: str
    province: str
    tax_class: str
    name: str
    rate: Decimal
    applies_to_shipping: bool
    postal_from: str = ""
    postal_to: str = ""
    valid_from: date | None = None
    valid_to: date | None = None

    @property
    def percentage(self) -> str:
        """Return the rate as `save_rate` reads it: "19", "7.25"."""
        return f"{self.rate * 100:.4f}".rstrip("0").rstrip(".")


def list_rates(session: Session) -> list[TaxRateRow]:
    """Return all rates by place, class and name."""
    ordered = _RATES.order_by(
        TaxRate.country, TaxRate.province, TaxRate.postal_from, TaxRate.tax_class, TaxRate.name, TaxRate.valid_from
    )
    return [TaxRateRow(*row) for row in session.execute(ordered)]


def rates_where(
    session: Session, where: Sequence[ColumnElement[bool]], limit: int, *, on: date | None = None
) -> list[TaxRateRow]:
    """Return at most `limit` rates, the newest first; `on` leaves those that hold on this day."""
    query = _RATES.where(*where)
    if on is not None:
        query = query.where(
            or_(TaxRate.valid_from.is_(None), TaxRate.valid_from <= on),
            or_(TaxRate.valid_to.is_(None), TaxRate.valid_to >= on),
        )
    return [TaxRateRow(*row) for row in session.execute(query.order_by(TaxRate.id.desc()).limit(limit))]


def read_rate(session: Session, tax_rate_id: int) -> TaxRateRow:
    """Raises TaxRateMissing."""
    row = session.execute(_RATES.where(TaxRate.id == tax_rate_id)).first()
    if row is None:
        raise TaxRateMissing
    return TaxRateRow(*row)
