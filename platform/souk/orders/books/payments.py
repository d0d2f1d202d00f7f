"""Payments against orders and refunds: no money without an order, no refund without a payment."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import text
from sqlalchemy.orm import Session

from souk.orders.books.drift import Drift

_ORPHANS = text("""
SELECT s.id, s.amount, s.currency, s.provider, s.idempotency_key
FROM payment_sessions s
LEFT JOIN orders o ON o.checkout_id = s.checkout_id
LEFT JOIN checkouts c ON c.id = s.checkout_id
WHERE s.status IN ('captured', 'authorized') AND s.amount > 0 AND o.id IS NULL AND NOT (c.terms ? 'order_id')
  AND s.updated_at < now() - interval '5 minutes'
  AND NOT EXISTS (SELECT 1 FROM payment_transactions t WHERE t.session_id = s.id AND t.kind IN ('refund', 'void')
                  AND t.status = 'success')
ORDER BY s.id
""")
_REFUNDS = text("""
SELECT r.id, r.order_id, o.name, r.amount, r.status, coalesce(t.moved, 0) AS moved
FROM refunds r
JOIN orders o ON o.id = r.order_id
LEFT JOIN LATERAL (
  SELECT sum(p.amount)::bigint AS moved FROM payment_transactions p
  WHERE p.refund_id = r.id AND p.kind = 'refund' AND p.status = 'success' AND NOT EXISTS (
    SELECT 1 FROM payment_transactions u
    WHERE u.idempotency_key = p.idempotency_key AND u.kind = 'refund' AND u.status = 'failure')
) t ON true
WHERE r.kind <> 'exchange' AND r.status IN ('succeeded', 'failed')
  AND coalesce(t.moved, 0) <> CASE WHEN r.status = 'succeeded' THEN r.amount ELSE 0 END
ORDER BY r.id
""")
_TOO_MUCH = text("""
SELECT o.id, o.name, sum(t.amount) FILTER (WHERE t.kind IN ('sale', 'capture'))::bigint AS captured,
       sum(t.amount) FILTER (WHERE t.kind = 'refund')::bigint AS refunded
FROM payment_transactions t JOIN orders o ON o.id = t.order_id AND o.total >= 0
WHERE t.status = 'success'
GROUP BY o.id, o.name
HAVING coalesce(sum(t.amount) FILTER (WHERE t.kind = 'refund'), 0)
     > coalesce(sum(t.amount) FILTER (WHERE t.kind IN ('sale', 'capture')), 0)
ORDER BY o.id
""")
_LOST = text("""
SELECT min(t.id) AS id, t.session_id, string_agg(t.kind || ' of ' || t.amount, ', ' ORDER BY t.id) AS moved, t.currency
FROM payment_transactions t LEFT JOIN payment_sessions s ON s.id = t.session_id
WHERE t.order_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.id = t.order_id)
  AND s.status IS DISTINCT FROM 'canceled'
GROUP BY t.session_id, t.order_id, t.currency
ORDER BY 1
""")


def check_payments(session: Session) -> Iterator[Drift]:
    """Yield money that belongs to no order, and refunds that are not what moved."""
    for row in session.execute(_ORPHANS):
        told = f"Payment {row.id} over {row.amount} {row.currency} ({row.provider}) has no order."
        advice = "Give it back: nothing here is paid by it."
        yield Drift("payments", f"payment {row.id}", row.id, told, advice, "return_payment")
    for row in session.execute(_REFUNDS):
        told = f"{row.name}: refund {row.id} is {row.status} over {row.amount}; {row.moved} moved."
        yield Drift("payments", row.name, row.id, told, "Ask the provider about this refund.", "settle_refund")
    for row in session.execute(_TOO_MUCH):
        told = f"{row.name}: {row.refunded} went back of {row.captured} that came in."
        yield Drift("payments", row.name, row.id, told, "Ask the provider what it has moved.", "reconcile")
    for row in session.execute(_LOST):
        told = f"Transaction {row.id} ({row.moved} {row.currency}) names an order that is not there."
        advice = "Restore the order from a backup, or give the money back."
        repair = "return_payment" if row.session_id else ""
        yield Drift("payments", f"transaction {row.id}", row.session_id or 0, told, advice, repair)
