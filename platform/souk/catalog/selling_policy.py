"""Let the stock levels follow what a merchant says of a variant: count it or not, sell on without stock, how far.

The levels keep a copy because their CHECK constraint cannot look into another table. It is written in the
transaction of the change: a copy that came later would let buyers oversell in between.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

# A limit is that of the variant, so only its first location may go below zero; it needs a level to say so.
_MAKE = text("""
INSERT INTO inventory_levels (variant_id, location_id, version)
SELECT v.id, (SELECT id FROM locations ORDER BY active DESC, priority, id LIMIT 1), 0
FROM variants v
WHERE v.id = ANY(:ids) AND v.inventory_tracked AND v.inventory_policy = 'continue' AND v.backorder_limit IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM inventory_levels l WHERE l.variant_id = v.id)
ORDER BY v.id
ON CONFLICT DO NOTHING
""")
_WANTED = """
SELECT l.id, w.oversellable, CASE WHEN w.oversellable AND v.inventory_tracked THEN v.backorder_limit END AS most
FROM inventory_levels l
JOIN variants v ON v.id = l.variant_id
CROSS JOIN LATERAL (
  SELECT i.id FROM inventory_levels i JOIN locations p ON p.id = i.location_id
  WHERE i.variant_id = v.id ORDER BY p.active DESC, p.priority, p.id LIMIT 1
) first
CROSS JOIN LATERAL (
  SELECT NOT v.inventory_tracked
      OR (v.inventory_policy = 'continue' AND (v.backorder_limit IS NULL OR l.id = first.id)) AS oversellable
) w
WHERE v.id = ANY(:ids) AND NOT l.hot AND (l.oversellable, l.oversell_limit) IS DISTINCT FROM
  (w.oversellable, CASE WHEN w.oversellable AND v.inventory_tracked THEN v.backorder_limit END)
"""
_DIFFERING = text(f"SELECT w.id FROM ({_WANTED}) w ORDER BY w.id")  # noqa: S608 - our own text
_LOCK = text("SELECT id FROM inventory_levels WHERE id = ANY(:levels) ORDER BY id FOR NO KEY UPDATE")
# What was promised beyond a limit that is lowered stays promised: `debt` keeps it apart from new sales.
_WRITE = text(f"""
UPDATE inventory_levels l
SET oversellable = w.oversellable, oversell_limit = w.most,
    debt = CASE WHEN w.oversellable AND w.most IS NULL THEN 0
                ELSE greatest(0, l.committed + l.reserved - l.on_hand - coalesce(w.most, 0)) END
FROM ({_WANTED}) w
WHERE l.id = w.id
""")  # noqa: S608 - our own text
_VARIANTS = text("SELECT id FROM variants WHERE product_id = ANY(:ids)")


def align_products(session: Session, product_ids: Sequence[int]) -> None:
    """Do `align_variants` for every variant of these products."""
    align_variants(session, list(session.scalars(_VARIANTS, {"ids": list(product_ids)})))


def align_variants(session: Session, variant_ids: Sequence[int]) -> None:
    """Bring the levels of these variants up to date; those that are locks nothing.

    Levels that sell from units are left out: `souk.inventory.temperature` cools them first.
    """
    ids = {"ids": list(variant_ids)}
    session.execute(_MAKE, ids)
    levels = list(session.scalars(_DIFFERING, ids))
    if levels:
        session.execute(_LOCK, {"levels": levels})
        session.execute(_WRITE, ids)
