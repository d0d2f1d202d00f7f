"""The timeline of an order; type and params are data, so that any language can tell them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from souk.kernel import clock
from souk.kernel.statement import Statement
from souk.kernel.write_rows import insert_rows
from souk.orders.models import OrderEvent


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    type: str
    actor: str
    params: dict[str, Any]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to stand on a timeline."""

    type: str
    actor: str = "system"
    params: Mapping[str, Any] = field(default_factory=dict)


_TIMELINE = Statement(
    select(OrderEvent.type, OrderEvent.actor, OrderEvent.params, OrderEvent.created_at)
    .where(OrderEvent.order_id == bindparam("order_id"))
    .order_by(OrderEvent.id),
    TimelineEntry,
)


def note_event(session: Session, order_id: int, kind: str, /, actor: str = "system", **params: Any) -> None:
    """Add to the order's timeline."""
    note_events(session, order_id, Entry(kind, actor, params))


def note_events(session: Session, order_id: int, *entries: Entry) -> None:
    """Add to the order's timeline, in this order."""
    now = clock.now()
    rows = [
        {"order_id": order_id, "type": one.type, "actor": one.actor, "params": dict(one.params), "created_at": now}
        for one in entries
    ]
    insert_rows(session, OrderEvent, rows)


def timeline(session: Session, order_id: int) -> Sequence[TimelineEntry]:
    """Return everything that happened to the order, oldest first."""
    return _TIMELINE.all(session, order_id=order_id)
