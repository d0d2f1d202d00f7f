"""Read gift cards for people who manage them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from souk.customers.models import Customer
from souk.payments.gift_cards.errors import UnknownGiftCard
from souk.payments.gift_cards.models import GiftCard, GiftCardTransaction

_COLUMNS: tuple[Any, ...] = (
    GiftCard.id, GiftCard.kind, GiftCard.status, GiftCard.customer_id, GiftCard.last_characters, GiftCard.currency,
    GiftCard.initial_amount, GiftCard.balance, GiftCard.order_id, GiftCard.recipient, GiftCard.note,
    GiftCard.expires_at, GiftCard.created_at, func.coalesce(Customer.email, "").label("owner"),
)  # fmt: skip
_ROWS = select(*_COLUMNS).outerjoin(Customer, Customer.id == GiftCard.customer_id)


def list_cards(session: Session, *, query: str = "", page: int = 1, limit: int = 50) -> tuple[Sequence[Any], int]:
    """Return one page, newest first, and how many there are; `query` is the end of a code or part of an address."""
    wanted: list[ColumnElement[bool]] = []
    if query:
        ends = GiftCard.last_characters == query.upper().replace("-", "")[-4:]
        wanted.append(or_(ends, GiftCard.recipient["email"].astext.icontains(query, autoescape=True),
                          Customer.email.icontains(query, autoescape=True)))  # fmt: skip
    count = select(func.count(GiftCard.id)).outerjoin(Customer, Customer.id == GiftCard.customer_id)
    total = session.execute(count.where(*wanted)).scalar_one()
    rows = _ROWS.where(*wanted).order_by(GiftCard.id.desc()).offset((page - 1) * limit).limit(limit)
    return session.execute(rows).all(), total


def cards_after(session: Session, where: Sequence[ColumnElement[bool]], limit: int) -> Sequence[Any]:
    """Return up to `limit` cards for a list that is walked by cursor, newest first."""
    return session.execute(_ROWS.where(*where).order_by(GiftCard.id.desc()).limit(limit)).all()


def read_card(session: Session, card_id: int) -> Any:
    """Raises UnknownGiftCard."""
    row = session.execute(_ROWS.where(GiftCard.id == card_id)).first()
    if row is None:
        raise UnknownGiftCard
    return row


def movements(session: Session, card_id: int) -> Sequence[Any]:
    """Return what moved on a card, newest first."""
    columns = (
        GiftCardTransaction.kind, GiftCardTransaction.amount, GiftCardTransaction.balance,
        GiftCardTransaction.order_id, GiftCardTransaction.actor, GiftCardTransaction.note,
        GiftCardTransaction.created_at,
    )  # fmt: skip
    of_it = select(*columns).where(GiftCardTransaction.gift_card_id == card_id)
    return session.execute(of_it.order_by(GiftCardTransaction.id.desc()).limit(200)).all()


def cards_paid(order_id: ColumnElement[int] | InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Return the condition that gift cards or credit paid a part of an order."""
    redeemed = GiftCardTransaction
    return exists(select(redeemed.id).where(redeemed.order_id == order_id, redeemed.kind == "redeemed"))


def cards_of_order(session: Session, order_id: int) -> Sequence[Any]:
    """Return (kind, label, amount) of what paid an order, in the order in which it was taken."""
    redeemed, held = GiftCardTransaction, aliased(GiftCardTransaction)
    same = (held.gift_card_id == redeemed.gift_card_id) & (held.reference == redeemed.reference) & (held.kind == "held")
    rows = (
        select(GiftCard.kind, GiftCard.last_characters.label("label"), (-held.amount).label("amount"))
        .join(redeemed, redeemed.gift_card_id == GiftCard.id)
        .join(held, same)
        .where(redeemed.order_id == order_id, redeemed.kind == "redeemed")
        .order_by(redeemed.id)
    )
    return session.execute(rows).all()


def credit_of(session: Session, customer_id: int) -> Any:
    """Return the credit of a customer, None when they never had any."""
    own = (GiftCard.customer_id == customer_id) & (GiftCard.kind == "store_credit")
    return session.execute(_ROWS.where(own)).first()


def outstanding(session: Session) -> dict[str, int]:
    """Return currency -> what the shop owes to all holders, in minor units; currencies without a debt are left out."""
    owed = func.sum(GiftCard.balance)
    rows = select(GiftCard.currency, owed).group_by(GiftCard.currency).having(owed > 0).order_by(GiftCard.currency)
    return {currency: int(amount) for currency, amount in session.execute(rows)}
