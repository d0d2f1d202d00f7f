"""How many units of a variant can still be bought."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ARRAY, BigInteger, and_, any_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from souk.catalog.bundles.models import BundleComponent
from souk.catalog.models import Variant
from souk.inventory.levels import ALLOWED, CONTINUE, FREE, in_active_location
from souk.inventory.models import InventoryLevel
from souk.inventory.state import FREE_UNITS
from souk.kernel.statement import Statement

# What is said of a variant that never runs out: the most that a cart line takes.
UNLIMITED = 10_000
_PART = BundleComponent
# What is taken from the shelf for one unit of each wanted variant: itself, or a bundle's components.
_PARTS = (
    select(
        Variant.id.label("wanted"),
        func.coalesce(_PART.component_id, Variant.id).label("part"),
        func.coalesce(_PART.quantity, 1).label("quantity"),
    )
    .outerjoin(_PART, _PART.bundle_id == Variant.id)
    .where(Variant.id == any_(bindparam("variant_ids", type_=ARRAY(BigInteger))))
    .subquery()
)
_ENDLESS = or_(
    Variant.inventory_tracked.is_(False),
    and_(Variant.inventory_policy == CONTINUE, Variant.backorder_limit.is_(None)),
)
_FOR_SALE = func.max(FREE + FREE_UNITS + func.coalesce(ALLOWED, UNLIMITED))
_AVAILABLE = Statement[Any](
    select(_PARTS.c.wanted, _PARTS.c.quantity, _ENDLESS, func.coalesce(_FOR_SALE, 0))
    .join(Variant, Variant.id == _PARTS.c.part)
    .outerjoin(InventoryLevel, and_(InventoryLevel.variant_id == Variant.id, in_active_location()))
    .group_by(_PARTS.c.wanted, _PARTS.c.quantity, Variant.id)
)


def availability(session: Session, variant_ids: Iterable[int]) -> dict[int, int]:
    """Return variant -> units that one order can take now; UNLIMITED for what is not counted, nothing for unknown ids.

    With several locations it is what the fullest one has: a line is sent from one place. Of a bundle it is as many as
    its scarcest component allows.
    """
    found: dict[int, int] = {}
    for variant_id, quantity, never_ends, free in _AVAILABLE.all(session, variant_ids=list(variant_ids)):
        units = UNLIMITED if never_ends else min(max(int(free), 0), UNLIMITED) // quantity
        found[variant_id] = min(units, found.get(variant_id, UNLIMITED))
    return found
