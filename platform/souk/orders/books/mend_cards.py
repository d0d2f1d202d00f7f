"""Bring gift cards, store credit and the payments that they made back together."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from souk.orders.books.errors import NoRepair
from souk.orders.events import note_event
from souk.orders.locks import lock_order
from souk.orders.statuses import refresh_statuses
from souk.payments.gift_cards import balance
from souk.payments.gift_cards.pay import let_go, write_payment

_LOCK = text("SELECT id FROM gift_cards WHERE id = :id FOR UPDATE")
_RECOUNT = text("""
UPDATE gift_cards c SET balance = t.amount, updated_at = now()
FROM (SELECT coalesce(sum(amount) FILTER (WHERE kind <> 'redeemed'), 0) AS amount
      FROM gift_card_transactions WHERE gift_card_id = :id) t
WHERE c.id = :id AND t.amount >= 0 RETURNING c.id
""")
# Movements of cards for an order beside the payments they stand for; either side may be missing.
_PAIRS = text("""
WITH moved AS (
  SELECT e.gift_card_id, c.kind AS provider, e.reference, e.kind,
         CASE e.kind WHEN 'redeemed' THEN -h.amount ELSE e.amount END AS amount,
         'card-' || e.gift_card_id || '-' || replace(e.reference, 'attempt-', '') AS key
  FROM gift_card_transactions e
  JOIN gift_cards c ON c.id = e.gift_card_id
  LEFT JOIN gift_card_transactions h
    ON h.gift_card_id = e.gift_card_id AND h.reference = e.reference AND h.kind = 'held'
  WHERE e.order_id = :order_id AND e.kind IN ('redeemed', 'refunded')
), paid AS (
  SELECT idempotency_key AS key, kind, amount, refund_id FROM payment_transactions
  WHERE order_id = :order_id AND status = 'success' AND provider IN ('gift_card', 'store_credit')
)
SELECT m.gift_card_id, m.provider, m.reference, m.kind AS movement, m.amount AS moved, m.key AS moved_key,
       p.key AS paid_key, p.kind AS payment, p.amount AS paid, p.refund_id
FROM moved m FULL JOIN paid p ON p.key = m.key
WHERE m.key IS NULL OR p.key IS NULL
""")


def recount_card(session: Session, card_id: int) -> None:
    """Set a card's balance to what its movements add up to; raises NoRepair where that is below zero."""
    session.execute(_LOCK, {"id": card_id})
    if session.execute(_RECOUNT, {"id": card_id}).first() is None:
        raise NoRepair


def release_cards(session: Session, checkout_id: int) -> None:
    """Put back what a checkout holds and no order has taken."""
    let_go(session, checkout_id)


def match_cards(session: Session, order_id: int, actor: str) -> None:
    """Write each payment that a card's movement lacks, and each movement that a payment of a card lacks.

    Raises:
        UnknownOrder: nothing was changed.
        NoRepair: an order was paid with a card that gave nothing for it.

    """
    order = lock_order(session, order_id)
    for row in session.execute(_PAIRS, {"order_id": order_id}).all():
        if row.paid_key is None:
            _write_payment(session, order, row)
        elif row.payment == "refund":
            _put_back(session, order_id, row)
        else:
            raise NoRepair
    note_event(session, order_id, "books_repaired", actor, status=refresh_statuses(session, order_id))


def _write_payment(session: Session, order: Any, row: Any) -> None:
    kind = "sale" if row.movement == "redeemed" else "refund"
    refund = {"refund_id": int(row.reference.removeprefix("refund-"))} if kind == "refund" else {}
    write_payment(session, kind, order.id, row.moved, order.currency, row.provider, row.moved_key, **refund)


def _put_back(session: Session, order_id: int, row: Any) -> None:
    _, card_id, reference = row.paid_key.split("-", 2)
    balance.put(session, int(card_id), row.paid, kind="refunded", reference=reference, order_id=order_id)
