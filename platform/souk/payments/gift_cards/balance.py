"""Change a card's balance: the row and its transaction in one step, each cause once."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from souk.kernel import clock
from souk.payments.gift_cards.models import GiftCard, GiftCardTransaction


def usable() -> ColumnElement[bool]:
    """Return the condition of a card that may pay now."""
    return (GiftCard.status == "active") & or_(GiftCard.expires_at.is_(None), GiftCard.expires_at > clock.now())


def take(session: Session, card_id: int, amount: int, **cause: Any) -> bool:
    """Take `amount` (minor units) off a card that is usable and holds it; False when it does not.

    The conditional update is the lock: of two buyers who spend the same money at once the second finds it gone.
    """
    spent = (
        update(GiftCard)
        .where(GiftCard.id == card_id, GiftCard.balance >= amount, usable())
        .values(balance=GiftCard.balance - amount, updated_at=clock.now())
        .returning(GiftCard.balance)
    )
    balance = session.execute(spent).scalar_one_or_none()
    if balance is None:
        return False
    _write(session, card_id, -amount, balance, cause)
    return True


def put(session: Session, card_id: int, amount: int, **cause: Any) -> bool:
    """Put `amount` on a card, a disabled one too; the same cause a second time changes nothing and is False."""
    # The card's row first, so that nobody counts on a balance that is about to change.
    locked = select(GiftCard.balance).where(GiftCard.id == card_id).with_for_update()
    balance = session.execute(locked).scalar_one() + amount
    if not _write(session, card_id, amount, balance, cause):
        return False
    session.execute(update(GiftCard).where(GiftCard.id == card_id).values(balance=balance, updated_at=clock.now()))
    return True


def note(session: Session, card_id: int, **cause: Any) -> None:
    """Write a transaction that moves nothing."""
    balance = select(GiftCard.balance).where(GiftCard.id == card_id).scalar_subquery()
    row = {"gift_card_id": card_id, "amount": 0, "balance": balance, "created_at": clock.now(), **cause}
    session.execute(insert(GiftCardTransaction).values(**row).on_conflict_do_nothing())


def _write(session: Session, card_id: int, amount: int, balance: int, cause: dict[str, Any]) -> bool:
    row = {"gift_card_id": card_id, "amount": amount, "balance": balance, "created_at": clock.now(), **cause}
    written = insert(GiftCardTransaction).values(**row).on_conflict_do_nothing().returning(GiftCardTransaction.id)
    return session.execute(written).first() is not None
