"""How many units of a variant can still be bought."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Subquery, and_, func, or_, select
from sqlalchemy.orm import Session

from souk.catalog.bundles.models import BundleComponent
from souk.catalog.models import Variant
from souk.inventory.levels import ALLOWED, CONTINUE, FREE, in_active_location
from souk.inventory.models import InventoryLevel
from souk.inventory.state import FREE_UNITS

# What is said of a variant that never runs out: the most that a cart line takes.
UNLIMITED = 10_000


def availability(session: Session, variant_ids: Iterable[int]) -> dict[int, int]:
    """Return variant -> units that one order can take now; UNLIMITED for what is not counted, nothing for unknown ids.

    With several locations it is what the fullest one has: a line is sent from one place. Of a bundle it is as many as
    its scarcest component allows.
    """
    endless = or_(
        Variant.inventory_tracked.is_(False),
        and_(Variant.inventory_policy == CONTINUE, Variant.backorder_limit.is_(None)),
    )
    for_sale = func.max(FREE + FREE_UNITS + func.coalesce(ALLOWED, UNLIMITED))
    parts = _parts(variant_ids)
    rows = session.execute(
        select(parts.c.wanted, parts.c.quantity, endless, func.coalesce(for_sale, 0))
        .join(Variant, Variant.id == parts.c.part)
        .outerjoin(InventoryLevel, and_(InventoryLevel.variant_id == Variant.id, in_active_location()))
        .group_by(parts.c.wanted, parts.c.quantity, Variant.id)
    )
    found: dict[int, int] = {}
    for variant_id, quantity, never_ends, free in rows:
        units = UNLIMITED if never_ends else min(max(int(free), 0), UNLIMITED) // quantity
        found[variant_id] = min(units, found.get(variant_id, UNLIMITED))
    return found


def _parts(variant_ids: Iterable[int]) -> Subquery:
    """Select what is taken from the shelf for one unit of each wanted variant: itself, or a bundle's components."""
    part = BundleComponent
    return (
        select(
            Variant.id.label("wanted"),
            func.coalesce(part.component_id, Variant.id).label("part"),
            func.coalesce(part.quantity, 1).label("quantity"),
        )
        .outerjoin(part, part.bundle_id == Variant.id)
        .where(Variant.id.in_(list(variant_ids)))
        .subquery()
    )
