"""Keep the copies: on the product row prices and whether any variant can be bought, on levels the selling policy."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from souk.catalog.selling_policy import align_products
from souk.kernel import clock

# Whether `variant` can be bought now. The pool of a hot level is part of its `reserved`, and for sale all the same.
_SELLABLE = """
(NOT {variant}.inventory_tracked
 OR ({variant}.inventory_policy = 'continue' AND {variant}.backorder_limit IS NULL)
 OR EXISTS (
  SELECT 1 FROM inventory_levels l JOIN locations p ON p.id = l.location_id AND p.active
  WHERE l.variant_id = {variant}.id AND (
    l.on_hand - l.committed - l.reserved + CASE WHEN l.oversellable THEN coalesce(l.oversell_limit, 1) ELSE 0 END > 0
    OR (l.hot AND EXISTS (SELECT 1 FROM inventory_units u WHERE u.level_id = l.id AND u.reservation_id IS NULL)))))
"""
# How many of it stand on shelves that sell, with those of pools.
_FREE = """
(SELECT coalesce(sum(l.on_hand - l.committed - l.reserved + CASE WHEN l.hot THEN (
   SELECT count(*) FROM inventory_units u WHERE u.level_id = l.id AND u.reservation_id IS NULL) ELSE 0 END), 0)::bigint
 FROM inventory_levels l JOIN locations p ON p.id = l.location_id AND p.active WHERE l.variant_id = {variant}.id)
"""


def sellable(variant: str) -> str:
    """Return the SQL condition that the variant of this alias can be bought."""
    return _SELLABLE.format(variant=variant)


def free(variant: str) -> str:
    """Return the SQL expression of how many units of the variant of this alias are on sellable shelves."""
    return _FREE.format(variant=variant)


_REFRESH = text(f"""
UPDATE products p
SET price_min = s.price_min, price_max = s.price_max, compare_at_price = s.compare_at_price,
    available = s.available, version = p.version + 1, updated_at = :now
FROM (
  SELECT v.product_id, min(v.price) AS price_min, max(v.price) AS price_max,
         (array_agg(v.compare_at_price ORDER BY v.price, v.position))[1] AS compare_at_price,
         bool_or({sellable("v")}) AS available
  FROM variants v
  WHERE v.product_id = ANY(:ids)
  GROUP BY v.product_id
) s
WHERE p.id = s.product_id
""")  # noqa: S608 - our own text


def refresh_copies(session: Session, product_ids: Sequence[int]) -> None:
    """Write the copies of these products anew and raise their version; after every change of their variants."""
    align_products(session, product_ids)
    session.execute(_REFRESH, {"ids": sorted(set(product_ids)), "now": clock.now()})
