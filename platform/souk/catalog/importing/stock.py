"""Set the stock of many variants at once, with its lines in the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from souk.kernel import clock

# A statement of its own: a lock taken in the statement that writes would not see the row it wrote.
_LOCK = text("SELECT id FROM inventory_levels WHERE variant_id = ANY(:variants) ORDER BY id FOR NO KEY UPDATE")
# A count below what is promised already would break the promise: it stays at what is promised.
_SET = text("""
WITH given AS (
  SELECT g.variant_id, g.quantity, g.oversellable, g.oversell_limit
  FROM unnest(CAST(:variants AS bigint[]), CAST(:quantities AS bigint[]), CAST(:oversellable AS boolean[]),
              CAST(:limits AS bigint[])) AS g(variant_id, quantity, oversellable, oversell_limit)
), place AS (
  SELECT min(id) AS id FROM locations WHERE active
), before AS (
  SELECT l.variant_id, l.on_hand FROM inventory_levels l, place
  WHERE l.location_id = place.id AND l.variant_id = ANY(:variants) AND NOT l.hot
), written AS (
  INSERT INTO inventory_levels AS l (variant_id, location_id, on_hand, oversellable, oversell_limit, updated_at)
  SELECT g.variant_id, place.id, CASE WHEN g.oversellable AND g.oversell_limit IS NULL THEN g.quantity
                                            ELSE greatest(g.quantity, 0) END,
         g.oversellable, g.oversell_limit, :now
  FROM given g, place
  WHERE place.id IS NOT NULL
  ORDER BY g.variant_id
  ON CONFLICT (variant_id, location_id) DO UPDATE
  SET on_hand = CASE WHEN excluded.oversellable AND excluded.oversell_limit IS NULL THEN excluded.on_hand
                     ELSE greatest(excluded.on_hand, l.committed + l.reserved) END,
      oversellable = excluded.oversellable, oversell_limit = excluded.oversell_limit, version = l.version + 1,
      updated_at = excluded.updated_at
  WHERE NOT l.hot
  RETURNING l.id, l.variant_id, l.on_hand
)
INSERT INTO inventory_movements (level_id, kind, quantity, reason, actor, created_at)
SELECT w.id, CASE WHEN b.variant_id IS NULL AND w.on_hand > 0 THEN 'received' ELSE 'adjusted' END,
       w.on_hand - coalesce(b.on_hand, 0), :reason, 'import', :now
FROM written w LEFT JOIN before b ON b.variant_id = w.variant_id
WHERE w.on_hand <> coalesce(b.on_hand, 0)
""")
# What was promised beyond the new limit stays promised: `debt` says how much, and no sale adds to it.
_RULES = text("""
UPDATE inventory_levels AS l
SET oversellable = g.oversellable, oversell_limit = g.oversell_limit, updated_at = :now,
    debt = CASE WHEN g.oversellable AND g.oversell_limit IS NULL THEN 0
                ELSE greatest(0, l.committed + l.reserved - l.on_hand
                              - CASE WHEN g.oversellable THEN g.oversell_limit ELSE 0 END) END
FROM unnest(CAST(:variants AS bigint[]), CAST(:oversellable AS boolean[]), CAST(:limits AS bigint[]))
  AS g(variant_id, oversellable, oversell_limit)
WHERE l.variant_id = g.variant_id AND NOT l.hot
""")


@dataclass(frozen=True, slots=True)
class StockRow:
    """`limit` is how many may be promised beyond the stock where it is `oversellable`, None for any number."""

    variant_id: int
    quantity: int
    oversellable: bool
    limit: int | None = None


def write_stock(session: Session, rows: Sequence[StockRow], reason: str) -> None:
    """Let the first active location hold these quantities; levels that sell by units are left alone."""
    if not rows:
        return
    values = _columns(rows)
    session.execute(_LOCK, {"variants": values["variants"]})
    session.execute(_SET, {**values, "reason": reason})


def write_policies(session: Session, rows: Sequence[StockRow]) -> None:
    """Tell the levels whether their variants may now be sold beyond the stock."""
    if not rows:
        return
    values = _columns(rows)
    session.execute(_LOCK, {"variants": values["variants"]})
    session.execute(_RULES, values)


def _columns(rows: Sequence[StockRow]) -> dict[str, Any]:
    return {
        "variants": [row.variant_id for row in rows],
        "quantities": [row.quantity for row in rows],
        "oversellable": [row.oversellable for row in rows],
        "limits": [row.limit for row in rows],
        "now": clock.now(),
    }
