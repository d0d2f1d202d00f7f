"""Gift cards and store credit: each balance against its own transactions, and these against the orders."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from souk.orders.books.drift import Drift

_BALANCES = text("""
SELECT c.id, c.kind, c.last_characters, c.customer_id, c.currency, c.balance, coalesce(t.amount, 0)::bigint AS moved
FROM gift_cards c
LEFT JOIN (SELECT gift_card_id, sum(amount) FILTER (WHERE kind <> 'redeemed') AS amount
           FROM gift_card_transactions GROUP BY gift_card_id) t ON t.gift_card_id = c.id
WHERE c.balance <> coalesce(t.amount, 0)
ORDER BY c.id
""")
# What a hold took is the order's once it is redeemed: the amount stands in the hold.
_ORDERS = text("""
WITH moved AS (
  SELECT e.order_id, c.kind AS provider, CASE e.kind WHEN 'redeemed' THEN 'sale' ELSE 'refund' END AS kind,
         sum(CASE e.kind WHEN 'redeemed' THEN -h.amount ELSE e.amount END)::bigint AS amount
  FROM gift_card_transactions e
  JOIN gift_cards c ON c.id = e.gift_card_id
  LEFT JOIN gift_card_transactions h
    ON h.gift_card_id = e.gift_card_id AND h.reference = e.reference AND h.kind = 'held'
  WHERE e.kind IN ('redeemed', 'refunded') GROUP BY 1, 2, 3
), paid AS (
  SELECT order_id, provider, kind, sum(amount)::bigint AS amount FROM payment_transactions
  WHERE status = 'success' AND provider IN ('gift_card', 'store_credit') GROUP BY 1, 2, 3
)
SELECT o.id, o.name, coalesce(m.provider, p.provider) AS provider, coalesce(m.kind, p.kind) AS kind,
       coalesce(m.amount, 0) AS moved, coalesce(p.amount, 0) AS paid
FROM moved m FULL JOIN paid p ON p.order_id = m.order_id AND p.provider = m.provider AND p.kind = m.kind
JOIN orders o ON o.id = coalesce(m.order_id, p.order_id)
WHERE coalesce(m.amount, 0) <> coalesce(p.amount, 0)
ORDER BY o.id, 3, 4
""")
_HELD = text("""
SELECT h.checkout_id, c.kind, c.currency, sum(-h.amount)::bigint AS amount
FROM gift_card_transactions h
JOIN gift_cards c ON c.id = h.gift_card_id
LEFT JOIN checkouts k ON k.id = h.checkout_id
WHERE h.kind = 'held' AND h.created_at < now() - interval '1 hour' AND k.status IS DISTINCT FROM 'completing'
  AND NOT EXISTS (SELECT 1 FROM gift_card_transactions e WHERE e.gift_card_id = h.gift_card_id
                  AND e.reference = h.reference AND e.kind IN ('released', 'redeemed'))
GROUP BY 1, 2, 3 ORDER BY 1, 2
""")
_AREAS = {"gift_card": "gift cards", "store_credit": "store credit"}
_DONE = {"sale": "paid", "refund": "got back"}


def check_cards(session: Session) -> Iterator[Drift]:
    """Yield cards and credits that drift: from their own movements, from the orders they paid, from open checkouts."""
    for row in session.execute(_BALANCES):
        told = f"{_card(row)} holds {row.balance} {row.currency}; its movements add up to {row.moved}."
        advice = "Bring the balance to its movements."
        yield Drift(_AREAS[row.kind], f"card {row.id}", row.id, told, advice, "recount_card" if row.moved >= 0 else "")
    for row in session.execute(_ORDERS):
        told = (
            f"{row.name}: {_AREAS[row.provider]} {_DONE[row.kind]} {row.moved}; the payments on record say {row.paid}."
        )
        yield Drift(
            _AREAS[row.provider], row.name, row.id, told, "Write what is missing on either side.", "match_cards"
        )
    for row in session.execute(_HELD):
        told = f"Checkout {row.checkout_id} holds {row.amount} {row.currency} that no order has taken."
        advice = "Put it back where it came from."
        subject = f"checkout {row.checkout_id}"
        yield Drift(_AREAS[row.kind], subject, row.checkout_id, told, advice, "release_cards")


def _card(row: Any) -> str:
    return f"Card …{row.last_characters}" if row.kind == "gift_card" else f"The credit of customer {row.customer_id}"
