"""Keep the copies on the product row: prices of its variants, and whether any can be bought."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from souk.kernel import clock

_REFRESH = text("""
UPDATE products p
SET price_min = s.price_min, price_max = s.price_max, compare_at_price = s.compare_at_price,
    available = s.available, version = p.version + 1, updated_at = :now
FROM (
  SELECT v.product_id, min(v.price) AS price_min, max(v.price) AS price_max,
         (array_agg(v.compare_at_price ORDER BY v.price, v.position))[1] AS compare_at_price,
         bool_or(NOT v.inventory_tracked OR v.inventory_policy = 'continue' OR coalesce(l.free, 0) > 0) AS available
  FROM variants v
  LEFT JOIN LATERAL (
    SELECT sum(on_hand - committed - reserved) AS free FROM inventory_levels WHERE variant_id = v.id
  ) l ON true
  WHERE v.product_id = ANY(:ids)
  GROUP BY v.product_id
) s
WHERE p.id = s.product_id
""")


def refresh_copies(session: Session, product_ids: Sequence[int]) -> None:
    """Write price_min, price_max, compare_at_price and available anew, and raise the products' version."""
    session.execute(_REFRESH, {"ids": sorted(set(product_ids)), "now": clock.now()})
