"""Stop a gift card, or let it pay again."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from souk.kernel import clock
from souk.payments.gift_cards.errors import UnknownGiftCard
from souk.payments.gift_cards.models import GiftCard


def set_card_status(session: Session, card_id: int, *, active: bool) -> None:
    """A stopped card keeps its balance and pays nothing. Raises UnknownGiftCard."""
    status = "active" if active else "disabled"
    changed = update(GiftCard).where(GiftCard.id == card_id).values(status=status, updated_at=clock.now())
    if session.execute(changed.returning(GiftCard.id)).first() is None:
        raise UnknownGiftCard
