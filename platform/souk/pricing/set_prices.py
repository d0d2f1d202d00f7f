"""Fix prices in a list: all of them at once, or those of some variants."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from souk.catalog.models import Variant
from souk.kernel.money import MAX_AMOUNT
from souk.pricing.check_list import MAX_QUANTITY
from souk.pricing.drafts import PriceDraft
from souk.pricing.errors import PriceListInvalid, PriceListMissing, PricesRefused
from souk.pricing.models import ListPrice, PriceList
from souk.pricing.refresh import refresh_lists

MAX_PRICES = 20_000


def replace_prices(session: Session, list_id: int, prices: Sequence[PriceDraft]) -> int:
    """Let the list have exactly these prices; returns how many.

    Raises:
        PriceListMissing, PriceListInvalid, PricesRefused: nothing was changed.

    """
    _check(session, list_id, prices)
    session.execute(delete(ListPrice).where(ListPrice.price_list_id == list_id))
    return _insert(session, list_id, prices)


def set_variant_prices(
    session: Session, list_id: int, prices: Sequence[PriceDraft], variants: Iterable[int] = ()
) -> int:
    """Replace the prices of the variants that are named, in `prices` or among `variants`; others stay.

    A variant among `variants` without a price loses those that it has. Raises as `replace_prices`.
    """
    _check(session, list_id, prices)
    named = {one.variant_id for one in prices} | set(variants)
    session.execute(delete(ListPrice).where(ListPrice.price_list_id == list_id, ListPrice.variant_id.in_(named)))
    return _insert(session, list_id, prices)


def _insert(session: Session, list_id: int, prices: Sequence[PriceDraft]) -> int:
    rows = [
        {
            "price_list_id": list_id,
            "variant_id": one.variant_id,
            "min_quantity": one.min_quantity,
            "price": one.price,
            "compare_at_price": one.compare_at_price,
        }
        for one in prices
    ]
    if rows:
        session.execute(insert(ListPrice), rows)
    refresh_lists(session)
    return len(rows)


def _check(session: Session, list_id: int, prices: Sequence[PriceDraft]) -> None:
    # Locked: its currency must not change while amounts of it are written.
    currency = session.execute(select(PriceList.currency).where(PriceList.id == list_id).with_for_update()).scalar()
    if currency is None:
        raise PriceListMissing
    if not currency and prices:
        raise PriceListInvalid("currency", "Give the list a currency first: an amount alone is no price.")
    if len(prices) > MAX_PRICES:
        raise PricesRefused(MAX_PRICES + 1, f"A list has at most {MAX_PRICES} prices; use a percentage for the rest.")
    _check_rows(session, prices)


def _check_rows(session: Session, prices: Sequence[PriceDraft]) -> None:
    known = set(session.scalars(select(Variant.id).where(Variant.id.in_({one.variant_id for one in prices}))))
    seen: set[tuple[int, int]] = set()
    for row, one in enumerate(prices, 1):
        if one.variant_id not in known:
            raise PricesRefused(row, "there is no such variant in this shop.")
        if not 1 <= one.min_quantity <= MAX_QUANTITY:
            raise PricesRefused(row, f"the quantity is a whole number from 1 to {MAX_QUANTITY}.")
        if not all(0 <= amount <= MAX_AMOUNT for amount in (one.price, one.compare_at_price or 0)):
            raise PricesRefused(row, "a price is 0 or more.")
        if (one.variant_id, one.min_quantity) in seen:
            raise PricesRefused(row, "this variant has a price from the same quantity on already.")
        seen.add((one.variant_id, one.min_quantity))
