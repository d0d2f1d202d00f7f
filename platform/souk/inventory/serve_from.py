"""Let units that an order was promised at one location leave from another."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from souk.inventory.cause import Cause
from souk.inventory.commit import commit_units
from souk.inventory.errors import OutOfStock, ShortAtLocation
from souk.inventory.move import deallocate
from souk.inventory.same_goods import same_goods_at


def serve_from(session: Session, location_id: int, promised: Mapping[int, int], cause: Cause) -> dict[int, int]:
    """Promise `promised` (level -> units) at one location, and return level -> units there, in level order.

    Call it last, as it locks the levels; what lies there already stays as it is.

    Raises:
        UnknownLocation, ShortAtLocation: the transaction must be rolled back.

    """
    there = same_goods_at(session, location_id, promised)
    served: dict[int, int] = {}
    for level_id, units in promised.items():
        target = there[level_id]
        if target != level_id:
            deallocate(session, level_id, units, cause, restock=True)
            _commit(session, target, units, cause)
        served[target] = served.get(target, 0) + units
    return dict(sorted(served.items()))


def _commit(session: Session, level_id: int, units: int, cause: Cause) -> None:
    try:
        commit_units(session, level_id, units, cause)
    except OutOfStock as short:
        raise ShortAtLocation(short.items) from None
