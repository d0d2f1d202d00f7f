"""Make or change a price list."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from souk.kernel import clock
from souk.pricing.check_list import checked_list
from souk.pricing.drafts import PriceListDraft
from souk.pricing.errors import PriceListInvalid, PriceListMissing, PriceListTaken
from souk.pricing.models import ListPrice, PriceList
from souk.pricing.refresh import refresh_lists
from souk.pricing.rules import read_rules

MAX_LISTS = 200


def save_price_list(session: Session, draft: PriceListDraft, list_id: int | None = None) -> int:
    """Return the id of the list, a new one without `list_id`.

    Raises:
        PriceListMissing, PriceListInvalid, PriceListTaken: nothing was changed.

    """
    values = checked_list(draft, read_rules(session))
    if list_id is not None:
        _keep_currency(session, list_id, draft.currency)
    try:
        # Only the constraint sees a second request that takes the same name now.
        with session.begin_nested():
            saved = _write(session, values, list_id)
    except IntegrityError:
        raise PriceListTaken(draft.name) from None
    refresh_lists(session)
    return saved


def _keep_currency(session: Session, list_id: int, currency: str) -> None:
    """Fixed prices are amounts of the list's currency: in another one each would silently be a different price."""
    before = session.execute(select(PriceList.currency).where(PriceList.id == list_id).with_for_update()).scalar()
    if before is None:
        raise PriceListMissing
    priced = select(ListPrice.id).where(ListPrice.price_list_id == list_id).limit(1)
    if before != currency and session.execute(priced).first() is not None:
        raise PriceListInvalid(
            "currency", "The list has prices in its currency; delete them first, or make a new list."
        )


def _write(session: Session, values: dict[str, Any], list_id: int | None) -> int:
    values = {**values, "updated_at": clock.now()}
    if list_id is None:
        if len(session.scalars(select(PriceList.id)).all()) >= MAX_LISTS:
            raise PriceListInvalid("name", f"A shop has at most {MAX_LISTS} price lists; delete one first.")
        return session.execute(insert(PriceList).values(**values).returning(PriceList.id)).scalar_one()
    session.execute(update(PriceList).where(PriceList.id == list_id).values(**values))
    return list_id
