"""Turn outbox rows into deliveries, one for each consumer, and hand out again those that nobody finished."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.events import Event
from souk.kernel.tenancy import pod_scope, tenant_scope
from souk.worker.consumers import Happened, found_for, names_for, tell_listeners

BATCH = 200
# How long a delivery that was handed out is left alone: Redis may have lost it, or its worker died.
LEASE = timedelta(seconds=60)

_CLAIM = text(
    "SELECT id, tenant_id, name, subject_id, payload FROM pod.outbox WHERE relayed_at IS NULL"
    " ORDER BY id LIMIT :batch FOR UPDATE SKIP LOCKED"
)
_ADD = text(
    "INSERT INTO pod.deliveries (outbox_id, tenant_id, consumer, next_attempt_at)"
    " VALUES (:outbox_id, :tenant_id, :consumer, :lease) ON CONFLICT (outbox_id, consumer) DO NOTHING"
    " RETURNING id"
)
_DONE = text("UPDATE pod.outbox SET relayed_at = :now WHERE id = ANY(:ids)")
_OVERDUE = text(
    "UPDATE pod.deliveries SET next_attempt_at = :lease WHERE id IN ("
    " SELECT id FROM pod.deliveries WHERE status = 'pending' AND next_attempt_at <= :now"
    " ORDER BY next_attempt_at LIMIT :batch FOR UPDATE SKIP LOCKED) RETURNING id"
)


def relay(pod_name: str) -> list[int]:
    """Make the deliveries of up to 200 new events and return their ids; then call the listeners.

    There is no "last id seen": ids are given out before commits happen, so a
    cursor would step over the rows of a long transaction.
    """
    with transaction(pod_scope(pod_name)) as session:
        events = session.execute(_CLAIM, {"batch": BATCH}).all()
        found = found_for(session, events) if events else {}
        made = [id_ for event in events for id_ in _add_deliveries(session, event, found.get(event.id, []))]
        if events:
            session.execute(_DONE, {"now": clock.now(), "ids": [event.id for event in events]})
    tell_listeners([_happened(pod_name, event) for event in events])
    return made


def sweep(pod_name: str) -> list[int]:
    """Lease up to 200 overdue deliveries anew and return their ids: lost ones, and those to try again."""
    now = clock.now()
    with transaction(pod_scope(pod_name)) as session:
        return list(session.scalars(_OVERDUE, {"now": now, "lease": now + LEASE, "batch": BATCH}))


def _happened(pod_name: str, row: Row[Any]) -> Happened:
    return Happened(tenant_scope(row.tenant_id, pod_name), Event(row.name, row.subject_id, row.payload))


def _add_deliveries(session: Session, row: Row[Any], found: Sequence[str]) -> list[int]:
    lease = clock.now() + LEASE
    made: list[int] = []
    for consumer in (*names_for(Event(row.name, row.subject_id, row.payload)), *found):
        values = {"outbox_id": row.id, "tenant_id": row.tenant_id, "consumer": consumer, "lease": lease}
        made.extend(session.scalars(_ADD, values))
    return made
