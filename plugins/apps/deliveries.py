"""Read what was sent to an endpoint, and give what failed another chance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.orm import Session

from plugins.apps.delivering import PREFIX
from plugins.apps.errors import UnknownDelivery
from souk.kernel import clock
from souk.kernel.db import scope_of
from souk.kernel.models import Delivery, OutboxEvent


def list_deliveries(session: Session, endpoint_id: int, *, before: int | None, limit: int) -> Sequence[Row[Any]]:
    """Return rows with the event's `id` first, newest first; `before` is such an id."""
    event = OutboxEvent
    columns: tuple[Any, ...] = (
        event.id, Delivery.id.label("delivery_id"), event.name.label("topic"), event.occurred_at, Delivery.status,
        Delivery.attempts, Delivery.last_error, Delivery.next_attempt_at, Delivery.done_at,
    )  # fmt: skip
    query = (
        select(*columns)
        .join(Delivery, Delivery.outbox_id == event.id)
        .where(event.tenant_id == scope_of(session).tenant_id, Delivery.consumer == f"{PREFIX}{endpoint_id}")
    )
    if before is not None:
        query = query.where(event.id < before)
    return session.execute(query.order_by(event.id.desc()).limit(limit)).all()


def retry_delivery(session: Session, endpoint_id: int, delivery_id: int) -> None:
    """Send a failed delivery again, with all attempts before it; raises UnknownDelivery."""
    again = update(Delivery).where(
        Delivery.id == delivery_id,
        Delivery.tenant_id == scope_of(session).tenant_id,
        Delivery.consumer == f"{PREFIX}{endpoint_id}",
        Delivery.status == "failed",
    )
    values = {"status": "pending", "attempts": 0, "next_attempt_at": clock.now()}
    if session.execute(again.values(**values).returning(Delivery.id)).first() is None:
        raise UnknownDelivery
