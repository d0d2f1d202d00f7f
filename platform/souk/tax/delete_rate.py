"""Take a row out of the tax table."""

from __future__ import annotations

from sqlalchemy import delete
from sqlalchemy.orm import Session

from souk.tax.errors import TaxRateMissing
from souk.tax.models import TaxRate


def delete_rate(session: Session, tax_rate_id: int) -> None:
    """Orders keep the tax they were placed with. Raises TaxRateMissing."""
    gone = delete(TaxRate).where(TaxRate.id == tax_rate_id).returning(TaxRate.id)
    if session.execute(gone).first() is None:
        raise TaxRateMissing
