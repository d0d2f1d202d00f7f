"""Find returns, and say what of an order can still come back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.orm import Session

from souk.orders.models import Order, OrderChange, OrderLine
from souk.orders.returning.errors import UnknownReturn

KINDS = ("return", "exchange", "claim")
ACTIVE = ("requested", "approved", "received", "closed")
WAITING = ("requested", "approved", "received")


def read_return(session: Session, change_id: int, *, lock: bool = False) -> Row[Any]:
    """Return a return, exchange or claim with all columns; raises UnknownReturn."""
    found = select(*OrderChange.__table__.c).where(OrderChange.id == change_id, OrderChange.kind.in_(KINDS))
    row = session.execute(found.with_for_update() if lock else found).first()
    if row is None:
        raise UnknownReturn
    return row


def list_returns(session: Session, *, status: str = "", page: int = 1, limit: int = 50) -> tuple[Sequence[Any], int]:
    """Return a page of returns with their order's name, the newest first, and how many there are."""
    wanted: list[ColumnElement[bool]] = [OrderChange.kind.in_(KINDS)]
    if status:
        wanted.append(OrderChange.status == status)
    rows = session.execute(
        select(*OrderChange.__table__.c, Order.name.label("order_name"), Order.email, Order.currency)
        .join(Order, Order.id == OrderChange.order_id)
        .where(*wanted)
        .order_by(OrderChange.id.desc())
        .limit(limit)
        .offset((page - 1) * limit)
    ).all()
    return rows, session.execute(select(func.count(OrderChange.id)).where(*wanted)).scalar_one()


def returnable(session: Session, order_id: int) -> dict[int, int]:
    """Return line -> sent units that no other return is about; files and gift cards never come back."""
    parcelled = select(OrderLine.id, OrderLine.fulfilled_quantity).where(
        OrderLine.order_id == order_id, OrderLine.requires_shipping
    )
    lines = session.execute(parcelled)
    taken: Counter[int] = Counter()
    others = select(OrderChange.content, OrderChange.kind, OrderChange.status).where(
        OrderChange.order_id == order_id, OrderChange.kind.in_(KINDS), OrderChange.status.in_(ACTIVE)
    )
    for row in session.execute(others):
        # Announced units that never came may be announced again; a claim that is settled needs none to come.
        ended = row.status == "closed" and row.kind != "claim"
        taken.update(came_back(row.content) if ended else _announced(row.content))
    return {row.id: row.fulfilled_quantity - taken[row.id] for row in lines}


def came_back(content: Mapping[str, Any]) -> Counter[int]:
    """Return line -> units that were inspected when the return was settled, of a return's content."""
    units: Counter[int] = Counter()
    for one in content.get("received", ()):
        units[one["line_id"]] += one["restock"] + one["discard"]
    return units


def _announced(content: Mapping[str, Any]) -> Counter[int]:
    units: Counter[int] = Counter()
    for line in content.get("lines", ()):
        units[line["line_id"]] += line["quantity"]
    return units
