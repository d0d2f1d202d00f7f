"""Begin an edit, change what it would do, look at it, or let go of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from souk.kernel import clock
from souk.orders.editing.errors import CannotEdit, UnknownEdit
from souk.orders.editing.plan import EditPlan, plan_edit
from souk.orders.locks import lock_order
from souk.orders.models import OrderChange

MOST_ADDED = 100


def begin_edit(session: Session, order_id: int, actor: str) -> int:
    """Return the order's open edit, made where there is none; nothing of the order changes.

    Raises:
        UnknownOrder, CannotEdit.

    """
    order = lock_order(session, order_id)
    if order.status != "open":
        raise CannotEdit(f"it is {order.status}")
    known = open_edit(session, order_id)
    if known is not None:
        return int(known.id)
    now = clock.now()
    row = insert(OrderChange).values(
        order_id=order_id,
        kind="edit",
        status="open",
        base_version=order.version,
        content={"lines": {}, "added": []},
        actor=actor,
        created_at=now,
        updated_at=now,
    )
    return int(session.execute(row.returning(OrderChange.id)).scalar_one())


def open_edit(session: Session, order_id: int, *, lock: bool = False) -> Row[Any] | None:
    """Return the order's open edit: (id, base_version, content, note), None when there is none."""
    found = select(OrderChange.id, OrderChange.base_version, OrderChange.content, OrderChange.note).where(
        OrderChange.order_id == order_id, OrderChange.kind == "edit", OrderChange.status == "open"
    )
    return session.execute(found.with_for_update() if lock else found).first()


def write_edit(
    session: Session, order_id: int, lines: Mapping[int, int], added: Sequence[Mapping[str, Any]], note: str = ""
) -> EditPlan:
    """Let the open edit set these quantities (line -> units) and add these goods; returns its preview.

    `added`: [{variant_id, quantity, unit_price (minor units) or None for today's}].

    Raises:
        UnknownEdit, UnknownGoods, BadEditLine: the edit is as it was.

    """
    lock_order(session, order_id)
    edit = open_edit(session, order_id, lock=True)
    if edit is None:
        raise UnknownEdit
    content = {"lines": {str(line): units for line, units in lines.items()}, "added": list(added)[:MOST_ADDED]}
    plan = plan_edit(session, order_id, content)
    values = {"content": content, "note": note[:500], "base_version": plan.version, "updated_at": clock.now()}
    session.execute(update(OrderChange).where(OrderChange.id == edit.id).values(**values))
    return plan


def preview_edit(session: Session, order_id: int) -> EditPlan:
    """Return what the open edit would make of the order as it is now; raises UnknownEdit."""
    edit = open_edit(session, order_id)
    if edit is None:
        raise UnknownEdit
    return plan_edit(session, order_id, edit.content)


def drop_edit(session: Session, order_id: int) -> None:
    """Let go of the open edit; it is no error when there is none."""
    lock_order(session, order_id)
    session.execute(
        update(OrderChange)
        .where(OrderChange.order_id == order_id, OrderChange.kind == "edit", OrderChange.status == "open")
        .values(status="canceled", updated_at=clock.now())
    )
