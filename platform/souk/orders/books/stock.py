"""The stock's counters against its ledger, and the ledger against the orders."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from souk.inventory.audit import audit
from souk.orders.books.drift import Drift

_PROMISED = text("""
WITH wanted AS (
  SELECT l.order_id, coalesce((part->>'level_id')::bigint, l.level_id) AS level_id,
         sum((l.quantity - l.fulfilled_quantity - l.canceled_quantity)
             * coalesce((part->>'quantity')::bigint, 1)) AS units
  FROM order_lines l LEFT JOIN LATERAL jsonb_array_elements(l.components) part ON true
  GROUP BY 1, 2
), booked AS (
  SELECT order_id, level_id, sum(quantity) AS units FROM inventory_movements
  WHERE order_id IS NOT NULL AND kind IN ('allocated', 'released', 'shipped') GROUP BY 1, 2
)
SELECT o.id, o.name, coalesce(w.level_id, b.level_id) AS level_id,
       coalesce(w.units, 0)::bigint AS wanted, coalesce(b.units, 0)::bigint AS booked
FROM wanted w FULL JOIN booked b ON b.order_id = w.order_id AND b.level_id = w.level_id
JOIN orders o ON o.id = coalesce(w.order_id, b.order_id)
WHERE coalesce(w.level_id, b.level_id) IS NOT NULL AND coalesce(w.units, 0) <> coalesce(b.units, 0)
  AND (CAST(:order_id AS bigint) IS NULL OR o.id = :order_id)
ORDER BY o.id, 3
""")


def check_stock(session: Session) -> Iterator[Drift]:
    """Yield levels that differ from their ledger, and orders whose open units are not the ledger's."""
    for found in audit(session):
        told = (
            f"Level {found.level_id} (variant {found.variant_id}): on hand, committed, reserved say {found.on_hand},"
            f" {found.committed}, {found.reserved}; the ledger says {found.expected_on_hand},"
            f" {found.expected_committed}, {found.expected_reserved}."
        )
        yield Drift("stock", f"level {found.level_id}", found.level_id, told, "Bring it to its ledger.", "mend_level")
    for row in promised(session):
        told = f"{row.name}: {row.wanted} units wait for level {row.level_id}; its ledger promises {row.booked}."
        yield Drift("stock", row.name, row.id, told, "Book the difference for the order.", "promise_stock")


def promised(session: Session, order_id: int | None = None) -> Sequence[Any]:
    """Return (id, name, level_id, wanted, booked) of each order whose open units are not the ledger's, by level."""
    return session.execute(_PROMISED, {"order_id": order_id}).all()
