"""How many units of a variant can still be bought."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from souk.catalog.models import Variant
from souk.inventory.levels import ALLOWED, CONTINUE, FREE, in_active_location
from souk.inventory.models import InventoryLevel
from souk.inventory.state import FREE_UNITS

# What is said of a variant that never runs out: the most that a cart line takes.
UNLIMITED = 10_000


def availability(session: Session, variant_ids: Iterable[int]) -> dict[int, int]:
    """Return variant -> units that one order can take now; UNLIMITED for what is not counted, nothing for unknown ids.

    With several locations it is what the fullest one has: a line is sent from one place.
    """
    endless = or_(
        Variant.inventory_tracked.is_(False),
        and_(Variant.inventory_policy == CONTINUE, Variant.backorder_limit.is_(None)),
    )
    for_sale = func.max(FREE + FREE_UNITS + func.coalesce(ALLOWED, UNLIMITED))
    rows = session.execute(
        select(Variant.id, endless, func.coalesce(for_sale, 0))
        .outerjoin(InventoryLevel, and_(InventoryLevel.variant_id == Variant.id, in_active_location()))
        .where(Variant.id.in_(list(variant_ids)))
        .group_by(Variant.id)
    )
    return {
        variant_id: UNLIMITED if never_ends else min(max(int(free), 0), UNLIMITED)
        for variant_id, never_ends, free in rows
    }
