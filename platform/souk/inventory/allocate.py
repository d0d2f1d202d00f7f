"""Turn what a checkout holds into stock that belongs to an order."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Boolean, DateTime, bindparam, text, update
from sqlalchemy.orm import Session

from souk.inventory.models import InventoryLevel
from souk.inventory.units import hold_units
from souk.kernel import clock
from souk.kernel.statement import Statement

# The reservations and their ledger in one statement; no lock of a level is needed for either.
_TAKE = Statement[Any](
    text(
        "WITH taken AS ("
        " UPDATE inventory_reservations r SET status = 'allocated' FROM inventory_levels l"
        " WHERE r.checkout_id = :checkout_id AND r.status = 'open' AND l.id = r.level_id"
        " RETURNING r.id, r.level_id, r.quantity, l.hot"
        "), moved AS ("
        " INSERT INTO inventory_movements (level_id, kind, quantity, order_id, actor, created_at)"
        " SELECT level_id, 'allocated', quantity, :order_id, :actor, :now FROM taken"
        ") SELECT id, level_id, quantity, hot FROM taken"
    )
    .bindparams(bindparam("order_id", type_=BigInteger), bindparam("checkout_id", type_=BigInteger))
    .columns(id=BigInteger(), level_id=BigInteger(), quantity=BigInteger(), hot=Boolean())
)
_QUANTITY = bindparam("quantity", type_=BigInteger)
_COMMIT = Statement[Any](
    update(InventoryLevel)
    .where(InventoryLevel.id == bindparam("level_id"))
    .values(
        reserved=InventoryLevel.reserved - _QUANTITY,
        committed=InventoryLevel.committed + _QUANTITY,
        updated_at=bindparam("now", type_=DateTime(timezone=True)),
    )
)


def allocate(session: Session, checkout_id: int, order_id: int, actor: str = "customer") -> None:
    """Allocate every open reservation of the checkout to the order; the levels are updated last, in id order."""
    rows = _TAKE.all(session, checkout_id=checkout_id, order_id=order_id, actor=actor, now=clock.now())
    for row in sorted(rows, key=lambda row: row.level_id):
        # Units of a hot level are counted by `fold` later; what was reserved before it became hot is not a unit.
        in_units = hold_units(session, row.level_id, [row.id], row.quantity) if row.hot else 0
        if row.quantity > in_units:
            _commit(session, row.level_id, row.quantity - in_units)


def _commit(session: Session, level_id: int, quantity: int) -> None:
    _COMMIT.run(session, level_id=level_id, quantity=quantity, now=clock.now())
