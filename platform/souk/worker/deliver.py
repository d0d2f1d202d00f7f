"""Run one delivery: read the event again, call its consumer, and note a failure for the next attempt."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import bindparam, select, text

from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.events import Event
from souk.kernel.models import Delivery, OutboxEvent
from souk.kernel.outbox import AlreadyDelivered, Job
from souk.kernel.statement import Statement
from souk.kernel.tenancy import pod_scope, tenant_scope
from souk.worker.consumers import consumer_called

ATTEMPTS = 12
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=1)
ERROR_LENGTH = 500

log = structlog.get_logger(__name__)

_READ = Statement[Any](
    select(
        Delivery.consumer,
        Delivery.status,
        OutboxEvent.tenant_id,
        OutboxEvent.name,
        OutboxEvent.subject_id,
        OutboxEvent.payload,
    )
    .join(OutboxEvent, OutboxEvent.id == Delivery.outbox_id)
    .where(Delivery.id == bindparam("id"))
)
_FAILED = text(
    "UPDATE pod.deliveries SET attempts = attempts + 1, last_error = :error,"
    " status = CASE WHEN attempts + 1 >= :limit THEN 'failed' ELSE 'pending' END,"
    " next_attempt_at = CAST(:now AS timestamptz)"
    " + LEAST(:first * power(2, attempts), :longest) * interval '1 second'"
    " WHERE id = :id AND status = 'pending'"
)


def deliver(pod_name: str, delivery_id: int) -> None:
    """Call the consumer of one delivery; a delivery that has ended, or that nobody knows, does nothing."""
    row = _read(pod_name, delivery_id)
    if row is None or row.status != "pending":
        return
    job = Job(delivery_id, tenant_scope(row.tenant_id, pod_name), Event(row.name, row.subject_id, row.payload))
    consumer = consumer_called(row.name, row.consumer)
    if consumer is None:
        note_failure(pod_name, delivery_id, f"No consumer is called {row.consumer!r}; start the worker that has it.")
        return
    try:
        consumer(job)
    except AlreadyDelivered:
        log.info("delivery_already_done", delivery_id=delivery_id, consumer=row.consumer)
    except Exception as error:  # one consumer's fault must not stop the others' deliveries
        log.exception("delivery_failed", delivery_id=delivery_id, consumer=row.consumer, tenant_id=row.tenant_id)
        note_failure(pod_name, delivery_id, f"{type(error).__name__}: {error}")


def _read(pod_name: str, delivery_id: int) -> Any:
    with transaction(pod_scope(pod_name), read_only=True) as session:
        return _READ.first(session, id=delivery_id)


def note_failure(pod_name: str, delivery_id: int, error: str) -> None:
    """Let a pending delivery be tried again later, or give it up after its last attempt."""
    values = {
        "id": delivery_id,
        "error": error[:ERROR_LENGTH],
        "limit": ATTEMPTS,
        "now": clock.now(),
        "first": FIRST_PAUSE.total_seconds(),
        "longest": LONGEST_PAUSE.total_seconds(),
    }
    with transaction(pod_scope(pod_name)) as session:
        session.execute(_FAILED, values)
