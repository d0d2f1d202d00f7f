"""Make gift cards: by hand, and for the units of an order; give customers credit."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from souk.customers.queries import read_customer
from souk.kernel import clock
from souk.kernel.email_address import normalize_email
from souk.kernel.events import Event
from souk.kernel.outbox import publish
from souk.payments.gift_cards import balance
from souk.payments.gift_cards.code import code_hash, last_characters, new_code
from souk.payments.gift_cards.errors import GiftCardInvalid
from souk.payments.gift_cards.models import GiftCard

MAX_AMOUNT = 10**10
MAX_MESSAGE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCard:
    """`amount` in minor units; `recipient` {name, email, message} gets the code by mail when it has an address."""

    amount: int
    currency: str
    recipient: Mapping[str, str]
    note: str = ""
    expires_at: datetime | None = None
    order_id: int | None = None
    order_line_id: int | None = None
    unit_number: int | None = None


def issue_card(session: Session, card: NewCard, actor: str) -> tuple[int, str] | None:
    """Return (id, code) of a new card, None when its unit of an order has one already.

    The code is known here and in the mail; afterwards only its hash and its last characters are.

    Raises:
        GiftCardInvalid, BadEmail: nothing was changed.

    """
    recipient = _recipient(card)
    code = new_code()
    row = insert(GiftCard).values(
        code_hash=code_hash(code),
        last_characters=last_characters(code),
        currency=card.currency,
        initial_amount=card.amount,
        balance=0,
        recipient=recipient,
        note=card.note[:MAX_MESSAGE],
        expires_at=card.expires_at,
        order_id=card.order_id,
        order_line_id=card.order_line_id,
        unit_number=card.unit_number,
        updated_at=clock.now(),
    )
    once = row.on_conflict_do_nothing(index_elements=["order_line_id", "unit_number"]).returning(GiftCard.id)
    card_id: int | None = session.execute(once).scalar_one_or_none()
    if card_id is None:
        return None
    balance.put(session, card_id, card.amount, kind="issued", reference="issued", actor=actor, order_id=card.order_id)
    if recipient.get("email"):
        publish(session, Event("gift_card.issued", card_id, {"token": code}))
    return card_id, code


def grant_credit(session: Session, customer_id: int, amount: int, currency: str, actor: str, note: str = "") -> int:  # noqa: PLR0917 - one movement
    """Add `amount` (minor units, negative to take off) to a customer's credit; returns the id of the credit's row.

    Raises:
        UnknownCustomer, GiftCardInvalid: nothing was changed.

    """
    read_customer(session, customer_id)
    if not 0 < abs(amount) <= MAX_AMOUNT:
        raise GiftCardInvalid("amount", "Give an amount that is not 0.")
    row = insert(GiftCard).values(
        kind="store_credit", customer_id=customer_id, currency=currency, initial_amount=0, balance=0,
        updated_at=clock.now(),
    )  # fmt: skip
    session.execute(row.on_conflict_do_nothing())
    own = select(GiftCard.id).where(GiftCard.customer_id == customer_id, GiftCard.kind == "store_credit")
    credit_id = session.execute(own).scalar_one()
    adjust(session, credit_id, amount, actor, note)
    return credit_id


def adjust(session: Session, card_id: int, amount: int, actor: str, note: str) -> None:
    """Change a balance by hand; raises GiftCardInvalid when less than that is left."""
    # Each one is a cause of its own, also two in the same moment.
    reference = f"adjusted-{secrets.token_hex(8)}"
    cause = {"kind": "adjusted", "reference": reference, "actor": actor, "note": note[:MAX_MESSAGE]}
    if amount >= 0:
        balance.put(session, card_id, amount, **cause)
    elif not balance.take(session, card_id, -amount, **cause):
        raise GiftCardInvalid("amount", "Less than this is left; take off at most the balance.")


def _recipient(card: NewCard) -> dict[str, Any]:
    if not 0 < card.amount <= MAX_AMOUNT:
        raise GiftCardInvalid("amount", "A gift card is worth something; give an amount above 0.")
    told = {name: str(card.recipient.get(name, "")).strip()[:MAX_MESSAGE] for name in ("name", "email", "message")}
    if told["email"]:
        told["email"] = normalize_email(told["email"])
    return {name: value for name, value in told.items() if value}
