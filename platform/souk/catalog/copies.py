"""Keep the copies: on the product row prices and whether any variant can be bought, on levels the selling policy."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from souk.catalog.selling_policy import align_products
from souk.kernel import clock

# What is said of a bundle none of whose parts runs out.
ENDLESS = 10_000
# Whether there are `units` of a variant to be had. The pool of a hot level is part of its `reserved`, and for sale
# all the same.
_HAS = """
(NOT {variant}.inventory_tracked
 OR ({variant}.inventory_policy = 'continue' AND {variant}.backorder_limit IS NULL)
 OR EXISTS (
  SELECT 1 FROM inventory_levels l JOIN locations p ON p.id = l.location_id AND p.active
  WHERE l.variant_id = {variant}.id AND (
    l.on_hand - l.committed - l.reserved
    + CASE WHEN l.oversellable THEN coalesce(l.oversell_limit, {units}) ELSE 0 END >= {units}
    OR (l.hot AND {units} <= l.on_hand - l.committed - l.reserved + (
      SELECT count(*) FROM inventory_units u WHERE u.level_id = l.id AND u.reservation_id IS NULL)))))
"""
_IS_BUNDLE = "EXISTS (SELECT 1 FROM bundle_components b WHERE b.bundle_id = {variant}.id)"
# A bundle is had where each of its parts is.
_SELLABLE = f"""
(CASE WHEN {_IS_BUNDLE} THEN NOT EXISTS (
  SELECT 1 FROM bundle_components b JOIN variants part ON part.id = b.component_id
  WHERE b.bundle_id = {{variant}}.id AND NOT {_HAS.format(variant="part", units="b.quantity")}
 ) ELSE {_HAS.format(variant="{variant}", units="1")} END)
"""  # noqa: S608 - our own text
# How many of it stand on shelves that sell, with those of pools.
_FREE = """
(SELECT coalesce(sum(l.on_hand - l.committed - l.reserved + CASE WHEN l.hot THEN (
   SELECT count(*) FROM inventory_units u WHERE u.level_id = l.id AND u.reservation_id IS NULL) ELSE 0 END), 0)::bigint
 FROM inventory_levels l JOIN locations p ON p.id = l.location_id AND p.active WHERE l.variant_id = {variant}.id)
"""
# Both for a variant that is no bundle, in one pass over its levels.
_STOCK = """
SELECT coalesce(sum(plain + pool), 0)::bigint AS free,
  coalesce(bool_or(plain + ahead >= 1 OR plain + pool >= 1), false) AS some
FROM (
  SELECT l.on_hand - l.committed - l.reserved AS plain,
    CASE WHEN l.oversellable THEN coalesce(l.oversell_limit, 1) ELSE 0 END AS ahead,
    CASE WHEN l.hot THEN (
      SELECT count(*) FROM inventory_units u WHERE u.level_id = l.id AND u.reservation_id IS NULL) ELSE 0 END AS pool
  FROM inventory_levels l JOIN locations p ON p.id = l.location_id AND p.active WHERE l.variant_id = {variant}.id
) level
"""
# Of a bundle, as many as its scarcest part allows: what may be sold ahead counts as if it stood there.
_FREE_BUNDLES = f"""
(SELECT coalesce(min(greatest(0, {_FREE.format(variant="part")}
   + CASE WHEN part.inventory_policy = 'continue' THEN part.backorder_limit ELSE 0 END) / b.quantity), {ENDLESS})
 FROM bundle_components b JOIN variants part ON part.id = b.component_id
 WHERE b.bundle_id = {{variant}}.id AND part.inventory_tracked
   AND NOT (part.inventory_policy = 'continue' AND part.backorder_limit IS NULL))
"""  # noqa: S608 - our own text


def sellable(variant: str) -> str:
    """Return the SQL condition that the variant of this alias can be bought."""
    return _SELLABLE.format(variant=variant)


def is_bundle(variant: str) -> str:
    """Return the SQL condition that the variant of this alias consists of others."""
    return _IS_BUNDLE.format(variant=variant)


def free(variant: str) -> str:
    """Return the SQL expression of how many units of the variant of this alias are on sellable shelves."""
    either = f"(CASE WHEN {_IS_BUNDLE} THEN {_FREE_BUNDLES} ELSE {_FREE} END)"
    return either.format(variant=variant)


def free_of_bundle(variant: str) -> str:
    """Return the SQL expression of how many of the bundle of this alias its scarcest part allows."""
    return _FREE_BUNDLES.format(variant=variant)


def stock(variant: str) -> str:
    """Return the SQL query of one row: `free`, and `some`: whether a unit can be had, which back-orders allow too."""
    return _STOCK.format(variant=variant)


_REFRESH = text(f"""
UPDATE products p
SET price_min = s.price_min, price_max = s.price_max, compare_at_price = s.compare_at_price,
    unit_measure = s.unit_measure, available = s.available, version = p.version + 1, updated_at = :now
FROM (
  SELECT v.product_id, min(v.price) AS price_min, max(v.price) AS price_max,
         (array_agg(v.compare_at_price ORDER BY v.price, v.position))[1] AS compare_at_price,
         (array_agg(v.unit_measure ORDER BY v.price, v.position))[1] AS unit_measure,
         bool_or({sellable("v")}) AS available
  FROM variants v
  WHERE v.product_id = ANY(:ids)
  GROUP BY v.product_id
) s
WHERE p.id = s.product_id
""")  # noqa: S608 - our own text


# Bundles of other products that have a variant of these products in them, and which ceased or began to be sellable.
_BUNDLES = text(f"""
UPDATE products SET available = fresh.available, version = products.version + 1
FROM (
  SELECT v.product_id, bool_or({sellable("v")}) AS available FROM variants v
  WHERE v.product_id IN (
    SELECT w.product_id FROM bundle_components c JOIN variants w ON w.id = c.bundle_id
    JOIN variants x ON x.id = c.component_id WHERE x.product_id = ANY(:ids))
  GROUP BY v.product_id
) fresh
WHERE products.id = fresh.product_id AND products.available <> fresh.available
RETURNING products.id
""")  # noqa: S608 - our own text


def refresh_bundles(session: Session, product_ids: Sequence[int]) -> list[int]:
    """Bring `available` of the bundles that have these products in them up to date; returns those that changed."""
    return sorted(session.scalars(_BUNDLES, {"ids": list(product_ids)}))


def refresh_copies(session: Session, product_ids: Sequence[int]) -> None:
    """Write the copies of these products anew and raise their version; after every change of their variants."""
    align_products(session, product_ids)
    session.execute(_REFRESH, {"ids": sorted(set(product_ids)), "now": clock.now()})
