"""Ask for a return, and decide about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from souk.kernel import clock
from souk.kernel.events import Event
from souk.kernel.outbox import publish
from souk.kernel.settings import read_setting
from souk.orders.events import note_event
from souk.orders.goods import goods_of
from souk.orders.locks import lock_order
from souk.orders.models import Fulfillment, OrderChange
from souk.orders.returning.errors import BadReturn, CannotReturn, WrongReturnStatus
from souk.orders.returning.queries import KINDS, read_return, returnable

REASONS = (
    "unwanted", "wrong_size", "not_as_described", "damaged", "wrong_item", "missing_item", "defective", "other",
)  # fmt: skip
DAYS = 30
CUSTOMER = "customer"


@dataclass(frozen=True, slots=True)
class ReturnLine:
    """`reason` is one of REASONS."""

    line_id: int
    quantity: int
    reason: str = "other"


def request_return(  # noqa: PLR0917 - every part of a return is named by its caller
    session: Session,
    order_id: int,
    lines: Sequence[ReturnLine],
    kind: str = "return",
    note: str = "",
    actor: str = CUSTOMER,
    added: Sequence[Mapping[str, Any]] = (),
) -> int:
    """Note that sent goods are to come back and return the id; nothing moves yet.

    What staff ask for is approved at once. `added` are the goods of an exchange or the replacement of a claim:
    [{variant_id, quantity, unit_price}].

    Raises:
        UnknownOrder, CannotReturn, BadReturn, UnknownGoods: nothing was changed.

    """
    order = lock_order(session, order_id)
    if order.status not in {"open", "archived"}:
        raise CannotReturn(f"the order is {order.status}")
    if actor == CUSTOMER:
        _refuse_late(session, order_id)
    _refuse_unfit(session, order_id, lines, kind)
    if added:
        goods_of(session, {one["variant_id"] for one in added})
    status, now = ("requested" if actor == CUSTOMER else "approved"), clock.now()
    row = insert(OrderChange).values(
        order_id=order_id, kind=kind, status=status, note=note.strip()[:1_000], actor=actor, created_at=now,
        updated_at=now, content={"lines": [asdict(line) for line in lines], "added": list(added)},
    )  # fmt: skip
    change_id = int(session.execute(row.returning(OrderChange.id)).scalar_one())
    told = Event("return.requested" if actor == CUSTOMER else "return.approved", change_id)
    _tell(session, told, order_id, actor, kind=kind, note=note.strip()[:200])
    return change_id


def _refuse_unfit(session: Session, order_id: int, lines: Sequence[ReturnLine], kind: str) -> None:
    if kind not in KINDS:
        raise BadReturn(f"A return is one of: {', '.join(KINDS)}.")
    if not lines:
        raise BadReturn("Say which goods come back, and how many of each.")
    left = returnable(session, order_id)
    for line in lines:
        if line.reason not in REASONS:
            raise BadReturn(f"The reason of a return is one of: {', '.join(REASONS)}.")
        left[line.line_id] = left.get(line.line_id, 0) - line.quantity
        if line.quantity <= 0 or left[line.line_id] < 0:
            raise CannotReturn("fewer units of it were sent in a parcel, or another return is about them")


def _refuse_late(session: Session, order_id: int) -> None:
    days = int(read_setting(session, "returns").get("days", DAYS))
    sent = select(func.max(Fulfillment.shipped_at)).where(Fulfillment.order_id == order_id)
    last = session.execute(sent).scalar_one()
    if last is not None and last < clock.now() - timedelta(days=days):
        raise CannotReturn(f"the {days} days for it are over; write to the shop")


def approve_return(session: Session, change_id: int, actor: str, note: str = "") -> None:
    """Let the goods come back; raises UnknownReturn, WrongReturnStatus."""
    _decide(session, Event("return.approved", change_id), "requested", actor, note=note)


def decline_return(session: Session, change_id: int, actor: str, note: str) -> None:
    """Say no, with the reason for the customer; raises UnknownReturn, WrongReturnStatus, BadReturn."""
    if not note.strip():
        raise BadReturn("Tell the customer why the return is declined.")
    _decide(session, Event("return.declined", change_id), "requested", actor, note=note)


def receive_return(session: Session, change_id: int, actor: str) -> None:
    """Note that the parcel came; what is in it is inspected next. Raises UnknownReturn, WrongReturnStatus."""
    _decide(session, Event("return.received", change_id), "approved", actor)


def cancel_return(session: Session, change_id: int, actor: str) -> None:
    """Call a return off before its goods came; raises UnknownReturn, WrongReturnStatus."""
    change = read_return(session, change_id)
    expected = change.status if change.status == "requested" else "approved"
    _decide(session, Event("return.canceled", change_id), expected, actor)


def _decide(session: Session, told: Event, expected: str, actor: str, *, note: str = "") -> None:
    """Give the return the status that the event `return.<status>` tells, from the `expected` one."""
    change_id, status = told.subject_id, told.name.removeprefix("return.")
    change = read_return(session, change_id)
    lock_order(session, change.order_id)
    changed = session.execute(
        update(OrderChange)
        .where(OrderChange.id == change_id, OrderChange.status == expected)
        .values(status=status, updated_at=clock.now())
        .returning(OrderChange.id)
    ).first()
    if changed is None:
        now = read_return(session, change_id).status
        raise WrongReturnStatus(now, f"only one that is {expected} can be {status}")
    _tell(session, told, change.order_id, actor, kind=change.kind, note=note.strip()[:500])


def _tell(session: Session, told: Event, order_id: int, actor: str, **params: Any) -> None:
    kept = {name: value for name, value in params.items() if value}
    note_event(session, order_id, told.name.replace(".", "_"), actor, return_id=told.subject_id, **kept)
    publish(session, replace(told, payload={"order_id": order_id, "note": str(params.get("note", ""))}))
