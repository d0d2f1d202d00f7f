"""Set the stock of many variants at once, with its lines in the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from souk.kernel import clock

# A statement of its own: a lock taken in the statement that writes would not see the row it wrote.
_LOCK = text("SELECT id FROM inventory_levels WHERE variant_id = ANY(:variants) ORDER BY id FOR UPDATE")
# A count below what is promised already would break the promise: it stays at what is promised.
_SET = text("""
WITH given AS (
  SELECT g.variant_id, g.quantity, g.oversellable
  FROM unnest(CAST(:variants AS bigint[]), CAST(:quantities AS bigint[]), CAST(:oversellable AS boolean[]))
    AS g(variant_id, quantity, oversellable)
), place AS (
  SELECT min(id) AS id FROM locations WHERE active
), before AS (
  SELECT l.variant_id, l.on_hand FROM inventory_levels l, place
  WHERE l.location_id = place.id AND l.variant_id = ANY(:variants) AND NOT l.hot
), written AS (
  INSERT INTO inventory_levels AS l (variant_id, location_id, on_hand, oversellable, updated_at)
  SELECT g.variant_id, place.id, CASE WHEN g.oversellable THEN g.quantity ELSE greatest(g.quantity, 0) END,
         g.oversellable, :now
  FROM given g, place
  ORDER BY g.variant_id
  ON CONFLICT (variant_id, location_id) DO UPDATE
  SET on_hand = CASE WHEN excluded.oversellable THEN excluded.on_hand
                     ELSE greatest(excluded.on_hand, l.committed + l.reserved) END,
      oversellable = excluded.oversellable, updated_at = excluded.updated_at
  WHERE NOT l.hot
  RETURNING l.id, l.variant_id, l.on_hand
)
INSERT INTO inventory_movements (level_id, kind, quantity, reason, actor, created_at)
SELECT w.id, CASE WHEN b.variant_id IS NULL AND w.on_hand > 0 THEN 'received' ELSE 'adjusted' END,
       w.on_hand - coalesce(b.on_hand, 0), 'import', 'import', :now
FROM written w LEFT JOIN before b ON b.variant_id = w.variant_id
WHERE w.on_hand <> coalesce(b.on_hand, 0)
""")


@dataclass(frozen=True, slots=True)
class StockRow:
    variant_id: int
    quantity: int
    oversellable: bool


def write_stock(session: Session, rows: Sequence[StockRow]) -> None:
    """Let the first active location hold these quantities; levels that sell by units are left alone."""
    if not rows:
        return
    values = {
        "variants": [row.variant_id for row in rows],
        "quantities": [row.quantity for row in rows],
        "oversellable": [row.oversellable for row in rows],
        "now": clock.now(),
    }
    session.execute(_LOCK, {"variants": values["variants"]})
    session.execute(_SET, values)
