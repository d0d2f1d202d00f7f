"""Turn outbox rows into deliveries, one for each consumer, and hand out again those that nobody finished."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import BigInteger, select, text
from sqlalchemy.orm import Session

from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.events import Event
from souk.kernel.models import OutboxEvent
from souk.kernel.statement import Statement
from souk.kernel.tenancy import pod_scope, tenant_scope
from souk.kernel.write_rows import document
from souk.worker.consumers import Happened, found_for, names_for, tell_listeners

BATCH = 200
# How long a delivery that was handed out is left alone: Redis may have lost it, or its worker died.
LEASE = timedelta(seconds=60)

_CLAIM = Statement[Any](
    select(OutboxEvent.id, OutboxEvent.tenant_id, OutboxEvent.name, OutboxEvent.subject_id, OutboxEvent.payload)
    .where(OutboxEvent.relayed_at.is_(None))
    .order_by(OutboxEvent.id)
    .limit(BATCH)
    .with_for_update(skip_locked=True)
)
# The deliveries of a whole batch in one statement.
_ADD = Statement[Any](
    text(
        "INSERT INTO pod.deliveries (outbox_id, tenant_id, consumer, next_attempt_at)"
        " SELECT outbox_id, tenant_id, consumer, :lease"
        " FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS row(outbox_id bigint, tenant_id bigint, consumer text)"
        " ON CONFLICT (outbox_id, consumer) DO NOTHING RETURNING id"
    ).columns(id=BigInteger())
)
_DONE = Statement[Any](text("UPDATE pod.outbox SET relayed_at = :now WHERE id = ANY(:ids)"))
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
        events = _CLAIM.all(session)
        found = found_for(session, events) if events else {}
        made = _add_deliveries(session, events, found)
        if events:
            _DONE.run(session, now=clock.now(), ids=[event.id for event in events])
    tell_listeners([_happened(pod_name, event) for event in events])
    return made


def sweep(pod_name: str) -> list[int]:
    """Lease up to 200 overdue deliveries anew and return their ids: lost ones, and those to try again."""
    now = clock.now()
    with transaction(pod_scope(pod_name)) as session:
        return list(session.scalars(_OVERDUE, {"now": now, "lease": now + LEASE, "batch": BATCH}))


def _happened(pod_name: str, row: Any) -> Happened:
    return Happened(tenant_scope(row.tenant_id, pod_name), Event(row.name, row.subject_id, row.payload))


def _add_deliveries(session: Session, events: Sequence[Any], found: Mapping[int, Sequence[str]]) -> list[int]:
    rows = [
        {"outbox_id": event.id, "tenant_id": event.tenant_id, "consumer": consumer}
        for event in events
        for consumer in (*names_for(Event(event.name, event.subject_id, event.payload)), *found.get(event.id, ()))
    ]
    if not rows:
        return []
    return [row.id for row in _ADD.all(session, rows=document(rows), lease=clock.now() + LEASE)]
