"""Refund to the cards that paid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from souk.payments.gift_cards import balance
from souk.payments.gift_cards.models import GiftCard, GiftCardTransaction
from souk.payments.gift_cards.pay import write_payment


def give_back_to_cards(session: Session, order_id: int, refund_id: int, amount: int, currency: str) -> None:
    """Put `amount` back on the cards that paid, those first that paid last; each takes at most what it gave."""
    for row in _payers(session, order_id):
        part = min(amount, row.paid - row.returned)
        amount -= part
        reference = f"refund-{refund_id}"
        if part > 0 and balance.put(session, row.id, part, kind="refunded", reference=reference, order_id=order_id):
            key = f"card-{row.id}-{reference}"
            write_payment(session, "refund", order_id, part, currency, row.kind, key, refund_id=refund_id)


def _payers(session: Session, order_id: int) -> Sequence[Any]:
    redeemed, held, back = GiftCardTransaction, aliased(GiftCardTransaction), aliased(GiftCardTransaction)
    returned = (
        select(func.coalesce(func.sum(back.amount), 0))
        .where(back.gift_card_id == GiftCard.id, back.kind == "refunded", back.order_id == order_id)
        .correlate(GiftCard)
        .scalar_subquery()
    )
    same = (held.gift_card_id == GiftCard.id) & (held.reference == redeemed.reference) & (held.kind == "held")
    rows = (
        select(GiftCard.id, GiftCard.kind, (-held.amount).label("paid"), returned.label("returned"))
        .join(redeemed, redeemed.gift_card_id == GiftCard.id)
        .join(held, same)
        .where(redeemed.order_id == order_id, redeemed.kind == "redeemed")
        .order_by(redeemed.id.desc())
    )
    return session.execute(rows).all()
