"""Which cards pay how much of a total."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.payments.gift_cards.balance import usable
from souk.payments.gift_cards.code import code_hash, plain_code
from souk.payments.gift_cards.errors import GiftCardCodeUnknown, GiftCardEmpty, GiftCardOtherCurrency
from souk.payments.gift_cards.models import GiftCard


def plan_cards(
    session: Session, total: int, currency: str, cards: Sequence[int], credit_of: int | None = None
) -> list[dict[str, Any]]:
    """Return [{gift_card_id, kind, label, amount, left}]: the cards in the order in which they were entered, then the
    credit of the customer `credit_of`. Amounts in minor units; together at most `total`. Empty cards are left out.
    """
    if not cards and credit_of is None:
        return []
    own = (GiftCard.kind == "store_credit") & (GiftCard.customer_id == credit_of)
    named = (GiftCard.kind == "gift_card") & GiftCard.id.in_(cards)
    rows = session.execute(
        select(GiftCard.id, GiftCard.kind, GiftCard.last_characters, GiftCard.balance).where(
            named | own if credit_of is not None else named, usable(), GiftCard.currency == currency
        )
    ).all()
    places = {number: place for place, number in enumerate(cards)}
    filled = sorted((row for row in rows if row.balance), key=lambda row: places.get(row.id, len(places)))
    return [
        {
            "gift_card_id": row.id,
            "kind": row.kind,
            "label": row.last_characters,
            "amount": amount,
            "left": row.balance - amount,
        }
        for row, amount in zip(filled, spread(total, [row.balance for row in filled]), strict=True)
    ]


def spread(total: int, balances: Sequence[int]) -> list[int]:
    """Return what each balance pays of `total`, the first ones first; together never more than it."""
    parts: list[int] = []
    for balance in balances:
        parts.append(min(balance, total - sum(parts)))
    return parts


def card_of_code(session: Session, typed: str, currency: str) -> int:
    """Return the card of a typed code that may pay now; raises GiftCardCodeUnknown, GiftCardEmpty,
    GiftCardOtherCurrency.
    """
    found = find_card(session, typed)
    if found.currency != currency:
        raise GiftCardOtherCurrency(found.currency, currency)
    if not found.balance:
        raise GiftCardEmpty
    number: int = found.id
    return number


def find_card(session: Session, typed: str) -> Any:
    """Return (id, balance, currency, last_characters, expires_at) of a usable card; raises GiftCardCodeUnknown."""
    columns = select(GiftCard.id, GiftCard.balance, GiftCard.currency, GiftCard.last_characters, GiftCard.expires_at)
    known = columns.where(GiftCard.code_hash == code_hash(typed), usable())
    row = session.execute(known).first() if plain_code(typed) else None
    if row is None:
        raise GiftCardCodeUnknown
    return row
