"""64 buyers, 500 units: exactly 500 orders, and ledger, orders and units agree."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from souk.checkout.complete import complete_checkout
from souk.inventory.audit import audit
from souk.inventory.errors import OutOfStock
from souk.inventory.models import InventoryLevel, InventoryMovement
from souk.inventory.temperature import cool, heat
from souk.kernel.db import transaction
from souk.orders.models import Order
from tests.factories.catalog import make_product
from tests.factories.commerce import APPROVED, open_for_business, ready_checkout, stock
from tests.fixtures.shops import make_shop

UNITS = 500
BUYERS = 64


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("hot", [False, True])
def test_a_flash_sale_sells_every_unit_once(platform: None, *, hot: bool) -> None:
    scope = make_shop()
    open_for_business(scope)
    with transaction(scope) as session:
        (variant_id,) = make_product(session, stock=UNITS)
        level_id = session.execute(select(InventoryLevel.id)).scalar_one()
        if hot:
            heat(session, level_id)

    def buy_until_sold_out(_buyer: int) -> int:
        bought = 0
        try:
            while True:
                complete_checkout(scope, ready_checkout(scope, [(variant_id, 1)]), APPROVED)
                bought += 1
        except OutOfStock:
            return bought

    with ThreadPoolExecutor(BUYERS) as pool:
        bought = sum(pool.map(buy_until_sold_out, range(BUYERS)))

    with transaction(scope) as session:
        if hot:
            cool(session, level_id)
        orders, lowest, highest = session.execute(
            select(func.count(), func.min(Order.number), func.max(Order.number))
        ).one()
        allocated = select(func.sum(InventoryMovement.quantity)).where(InventoryMovement.kind == "allocated")
        assert (bought, orders, highest - lowest + 1) == (UNITS, UNITS, UNITS)
        assert session.execute(allocated).scalar_one() == UNITS
        assert stock(session, variant_id) == (UNITS, UNITS, 0)
        assert audit(session) == []
