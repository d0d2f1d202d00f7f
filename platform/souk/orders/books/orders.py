"""Orders against their lines, taxes, parcels and payments."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import text
from sqlalchemy.orm import Session

from souk.orders.books.drift import Drift
from souk.orders.statuses import financial_status
from souk.payments.transactions import Sums

_TOTALS = text("""
SELECT o.id, o.name, o.subtotal, o.discount_total, o.included_tax_total, o.additional_tax_total,
       l.subtotal AS lines, l.discount AS discounts, t.included, t.added
FROM orders o
CROSS JOIN LATERAL (
  SELECT coalesce(sum(subtotal), 0)::bigint AS subtotal, coalesce(sum(discount_total), 0)::bigint AS discount
  FROM order_lines WHERE order_id = o.id
) l
CROSS JOIN LATERAL (
  SELECT coalesce(sum(amount) FILTER (WHERE included), 0)::bigint AS included,
         coalesce(sum(amount) FILTER (WHERE NOT included), 0)::bigint AS added
  FROM tax_lines WHERE order_id = o.id
) t
WHERE (o.subtotal, o.discount_total, o.included_tax_total, o.additional_tax_total)
  IS DISTINCT FROM (l.subtotal, l.discount, t.included, t.added)
ORDER BY o.id
""")
_SENT = text("""
SELECT o.id, o.name, l.title, l.fulfilled_quantity, p.sent
FROM order_lines l
JOIN orders o ON o.id = l.order_id AND o.source <> 'import'
CROSS JOIN LATERAL (
  SELECT coalesce(sum(f.quantity), 0)::bigint AS sent
  FROM fulfillment_lines f JOIN fulfillments u ON u.id = f.fulfillment_id AND u.status <> 'canceled'
  WHERE f.order_line_id = l.id
) p
WHERE l.fulfilled_quantity <> p.sent
ORDER BY o.id
""")
_STATUS = text("""
SELECT o.id, o.name, o.total, o.financial_status, coalesce(p.authorized, 0) AS authorized,
       coalesce(p.captured, 0) AS captured, coalesce(p.refunded, 0) AS refunded, coalesce(p.voided, 0) AS voided,
       coalesce(p.cards, 0) AS cards,
       coalesce(p.expired, false) AS expired, coalesce(r.edits, 0) AS edits, coalesce(r.exchanged, 0) AS exchanged
FROM orders o
LEFT JOIN (
  SELECT t.order_id, sum(t.amount) FILTER (WHERE t.kind = 'authorization')::bigint AS authorized,
         sum(t.amount) FILTER (WHERE t.kind IN ('sale', 'capture')
           AND t.provider NOT IN ('gift_card', 'store_credit'))::bigint AS captured,
         sum(t.amount) FILTER (WHERE t.kind = 'sale' AND t.provider IN ('gift_card', 'store_credit'))::bigint AS cards,
         sum(t.amount) FILTER (WHERE t.kind = 'refund' AND NOT EXISTS (
           SELECT 1 FROM payment_transactions u
           WHERE u.idempotency_key = t.idempotency_key AND u.kind = 'refund' AND u.status = 'failure')
         )::bigint AS refunded,
         sum(t.amount) FILTER (WHERE t.kind = 'void')::bigint AS voided,
         bool_or(t.kind = 'void' AND t.error_code = 'expired') AS expired
  FROM payment_transactions t WHERE t.status = 'success' AND t.order_id IS NOT NULL GROUP BY t.order_id
) p ON p.order_id = o.id
LEFT JOIN (
  SELECT order_id, sum(amount) FILTER (WHERE kind = 'edit')::bigint AS edits,
         sum(amount) FILTER (WHERE kind = 'exchange')::bigint AS exchanged
  FROM refunds WHERE status = 'succeeded' GROUP BY order_id
) r ON r.order_id = o.id
ORDER BY o.id
""")


def check_orders(session: Session) -> Iterator[Drift]:
    """Yield orders whose totals, sent units or financial status are not what they are made of."""
    for row in session.execute(_TOTALS):
        told = (
            f"{row.name}: subtotal, discount and taxes say {row.subtotal}, {row.discount_total},"
            f" {row.included_tax_total}, {row.additional_tax_total}; its lines add up to {row.lines}, {row.discounts},"
            f" {row.included}, {row.added}."
        )
        yield Drift("orders", row.name, row.id, told, "Add the totals up from the lines.", "recount_totals")
    for row in session.execute(_SENT):
        told = f"{row.name}: {row.title} counts {row.fulfilled_quantity} sent units, its parcels hold {row.sent}."
        yield Drift("orders", row.name, row.id, told, "Count the parcels again.", "recount_sent")
    for row in session.execute(_STATUS):
        moved = row.captured - row.edits, row.refunded - row.edits
        sums = Sums(row.authorized, *moved, row.voided, row.expired, cards=row.cards)
        expected = financial_status(row.total - row.exchanged, sums)
        if expected != row.financial_status:
            told = f"{row.name} is {row.financial_status}; its payments make it {expected}."
            yield Drift("orders", row.name, row.id, told, "Derive the status anew.", "refresh_status")
