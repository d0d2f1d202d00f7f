"""Gift cards and store credit: each balance against its own transactions, and these against the orders."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import text
from sqlalchemy.orm import Session

from souk.orders.books.drift import Drift

_BALANCES = text("""
SELECT c.id, c.last_characters, c.currency, c.balance, coalesce(t.amount, 0)::bigint AS moved
FROM gift_cards c
LEFT JOIN (SELECT gift_card_id, sum(amount) FILTER (WHERE kind <> 'redeemed') AS amount
           FROM gift_card_transactions GROUP BY gift_card_id) t ON t.gift_card_id = c.id
WHERE c.balance <> coalesce(t.amount, 0)
ORDER BY c.id
""")
_RETURNED = text("""
SELECT o.id, o.name, coalesce(c.amount, 0)::bigint AS cards, coalesce(p.amount, 0)::bigint AS payments
FROM (SELECT order_id, sum(amount) AS amount FROM gift_card_transactions WHERE kind = 'refunded' GROUP BY 1) c
FULL JOIN (SELECT order_id, sum(amount) AS amount FROM payment_transactions
           WHERE kind = 'refund' AND status = 'success' AND provider IN ('gift_card', 'store_credit') GROUP BY 1) p
  ON p.order_id = c.order_id
JOIN orders o ON o.id = coalesce(c.order_id, p.order_id)
WHERE coalesce(c.amount, 0) <> coalesce(p.amount, 0)
ORDER BY o.id
""")


def check_cards(session: Session) -> Iterator[Drift]:
    """Yield cards whose balance is not what moved, and orders whose cards got another amount back than recorded."""
    for row in session.execute(_BALANCES):
        told = f"Card …{row.last_characters} holds {row.balance} {row.currency}; its movements add up to {row.moved}."
        yield Drift("gift cards", f"card {row.id}", row.id, told, "Look at its movements, then adjust the card.")
    for row in session.execute(_RETURNED):
        told = f"{row.name}: cards got {row.cards} back, the payments on record say {row.payments}."
        yield Drift("gift cards", row.name, row.id, told, "Look at the movements of the order's cards.")
