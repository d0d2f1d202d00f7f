"""What the tests of inventory share: variants with stock, checkouts that hold it, works that run at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.inventory.locations import create_location
from souk.inventory.models import InventoryLevel, Location
from souk.inventory.reserve import reserve
from souk.inventory.state import LevelState, read_level
from souk.inventory.temperature import heat
from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from tests.factories.catalog import make_product
from tests.factories.commerce import ready_checkout

LATER = timedelta(minutes=30)


def variant(scope: TenantScope, stock: int | None = 10, *, hot: bool = False, **values: Any) -> int:
    """Make a variant with `stock` at the first location, sold by units when it is hot."""
    with transaction(scope) as session:
        (variant_id,) = make_product(session, stock=stock, **values)
        if hot:
            heat(session, level_id(session, variant_id))
    return variant_id


def level_id(session: Session, variant_id: int) -> int:
    query = select(InventoryLevel.id).where(InventoryLevel.variant_id == variant_id).order_by(InventoryLevel.id)
    return session.execute(query.limit(1)).scalar_one()


def level(scope: TenantScope, variant_id: int, location_id: int | None = None) -> LevelState:
    """Return the level at a location, or at the first one."""
    with transaction(scope, read_only=True) as session:
        place = location_id or session.execute(select(Location.id).order_by(Location.id).limit(1)).scalar_one()
        found = read_level(session, variant_id, place)
    assert found is not None
    return found


def new_location(scope: TenantScope, name: str) -> int:
    with transaction(scope) as session:
        return create_location(session, name)


def new_checkout(scope: TenantScope) -> int:
    """Return a checkout that may hold stock."""
    from souk.checkout.queries import checkout_by_token

    token = ready_checkout(scope, [(variant(scope, 1), 1)])
    with transaction(scope) as session:
        return int(checkout_by_token(session, token).id)


def hold(scope: TenantScope, checkout_id: int, items: list[tuple[int, int]]) -> dict[int, int]:
    with transaction(scope) as session:
        return reserve(session, checkout_id, items, clock.now() + LATER)
