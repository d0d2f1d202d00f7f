"""The timeline of an order; type and params are data, so that any language can tell them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from souk.kernel import clock
from souk.orders.models import OrderEvent


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    type: str
    actor: str
    params: dict[str, Any]
    created_at: datetime


def note_event(session: Session, order_id: int, kind: str, actor: str = "system", **params: Any) -> None:
    """Add to the order's timeline."""
    session.execute(
        insert(OrderEvent).values(order_id=order_id, type=kind, actor=actor, params=params, created_at=clock.now())
    )


def timeline(session: Session, order_id: int) -> Sequence[TimelineEntry]:
    """Return everything that happened to the order, oldest first."""
    rows = session.execute(
        select(OrderEvent.type, OrderEvent.actor, OrderEvent.params, OrderEvent.created_at)
        .where(OrderEvent.order_id == order_id)
        .order_by(OrderEvent.id)
    )
    return [TimelineEntry(*row) for row in rows]
