"""The tax classes of a shop: names that its rates and its variants carry."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from souk.catalog.models import Variant
from souk.tax.models import TaxRate
from souk.tax.rates import STANDARD


def list_tax_classes(session: Session) -> list[tuple[str, int, int]]:
    """Return (name, rates, variants) of each class by name, STANDARD also where nothing names it."""
    rates, variants = _counted(session, TaxRate.tax_class), _counted(session, Variant.tax_class)
    names = sorted({STANDARD, *rates, *variants})
    return [(name, rates.get(name, 0), variants.get(name, 0)) for name in names]


def _counted(session: Session, column: InstrumentedAttribute[str]) -> dict[str, int]:
    rows = session.execute(select(column, func.count().label("named")).group_by(column))
    return {row[0]: row.named for row in rows}
