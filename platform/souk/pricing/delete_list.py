"""Take a price list away."""

from __future__ import annotations

from sqlalchemy import delete
from sqlalchemy.orm import Session

from souk.pricing.errors import PriceListMissing
from souk.pricing.models import PriceList
from souk.pricing.refresh import refresh_lists


def delete_price_list(session: Session, list_id: int) -> None:
    """Delete a list with its prices; orders keep what they were placed with. Raises PriceListMissing."""
    gone = delete(PriceList).where(PriceList.id == list_id).returning(PriceList.id)
    if session.execute(gone).first() is None:
        raise PriceListMissing
    refresh_lists(session)
