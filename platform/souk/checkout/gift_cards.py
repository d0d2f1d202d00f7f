"""Let gift cards and store credit pay a checkout, and make the cards that were bought in one."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.checkout.changes import Changes
from souk.checkout.models import Checkout
from souk.checkout.read import CheckoutView
from souk.checkout.update import open_checkout, update_checkout
from souk.kernel.events import Event
from souk.kernel.outbox import Job, once
from souk.orders.events import note_event
from souk.orders.fulfill import note_mailed
from souk.orders.locks import lock_order
from souk.orders.models import Order, OrderLine
from souk.payments.gift_cards.errors import TooManyGiftCards
from souk.payments.gift_cards.issue import NewCard, issue_card
from souk.payments.gift_cards.plan import card_of_code

MAX_CARDS = 5
CONSUMER = "gift cards"


def add_gift_card(session: Session, token: str, code: str) -> CheckoutView:
    """Let the card of `code` pay; entered twice it stands once.

    Raises:
        GiftCardCodeUnknown, GiftCardEmpty, GiftCardOtherCurrency, TooManyGiftCards, CheckoutBusy, CheckoutEnded:
            nothing was changed.

    """
    checkout = open_checkout(session, token)
    card_id = card_of_code(session, code, checkout.currency)
    cards = [one for one in checkout.extras.get("gift_cards", ()) if one != card_id]
    if len(cards) >= MAX_CARDS:
        raise TooManyGiftCards(MAX_CARDS)
    return update_checkout(session, token, Changes(extras={"gift_cards": [*cards, card_id]}))


def remove_gift_card(session: Session, token: str, card_id: int) -> CheckoutView:
    """Let a card pay no more; one that does not pay changes nothing."""
    checkout = open_checkout(session, token)
    cards = [one for one in checkout.extras.get("gift_cards", ()) if one != card_id]
    return update_checkout(session, token, Changes(extras={"gift_cards": cards}))


def has_cards(event: Event) -> bool:
    """Say whether the order may hold gift cards."""
    return bool(event.payload.get("gift_cards", True))


def issue_bought_cards(job: Job) -> None:
    """Make a card for each unit of a paid order's gift cards; run again it makes none twice."""
    with once(job) as session:
        order_id = job.event.subject_id
        lines = session.execute(
            select(OrderLine.id, OrderLine.quantity, OrderLine.canceled_quantity, OrderLine.unit_price)
            .where(OrderLine.order_id == order_id, OrderLine.gift_card)
            .order_by(OrderLine.id)
        ).all()
        if lines:
            _issue(session, order_id, lines)


def _issue(session: Session, order_id: int, lines: Any) -> None:
    lock_order(session, order_id)
    currency, recipient = _recipient(session, order_id)
    made = 0
    for line in lines:
        for unit in range(1, line.quantity - line.canceled_quantity + 1):
            card = NewCard(
                amount=line.unit_price,
                currency=currency,
                recipient=recipient,
                order_id=order_id,
                order_line_id=line.id,
                unit_number=unit,
            )
            made += issue_card(session, card, "system") is not None
    if made:
        note_event(session, order_id, "gift_cards_mailed", quantity=made)
    note_mailed(session, order_id, {line.id for line in lines})


def _recipient(session: Session, order_id: int) -> tuple[str, dict[str, str]]:
    row = session.execute(
        select(Order.currency, Order.email, Checkout.extras)
        .outerjoin(Checkout, Checkout.id == Order.checkout_id)
        .where(Order.id == order_id)
    ).one()
    told = (row.extras or {}).get("gift", {})
    return row.currency, {**told, "email": told.get("email") or row.email}
