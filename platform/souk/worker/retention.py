"""Forget what has had its time: every append-only table has a rule, in batches that hold no lock for long."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import TextClause, text

from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.tenancy import Scope, TenantScope, pod_scope

BATCH = 2_000
OUTBOX_DAYS = 30
PROVIDER_EVENT_DAYS = 90
IDEMPOTENCY_DAYS = 3
MAIL_DAYS = 365
SEARCH_DAYS = 90
TICKET_DAYS = 2

# An event goes when all of its deliveries have ended long enough ago; a failed one ended with its last attempt.
_OUTBOX = text(
    "DELETE FROM pod.outbox WHERE id IN (SELECT o.id FROM pod.outbox o WHERE o.relayed_at < :before AND NOT EXISTS"
    " (SELECT 1 FROM pod.deliveries d WHERE d.outbox_id = o.id"
    " AND (d.status = 'pending' OR coalesce(d.done_at, d.next_attempt_at) >= :before)) ORDER BY o.id LIMIT :batch)"
    " RETURNING id"
)
_PROVIDER_EVENTS = text(
    "DELETE FROM pod.provider_events WHERE id IN"
    " (SELECT id FROM pod.provider_events WHERE received_at < :before ORDER BY id LIMIT :batch) RETURNING id"
)
_IDEMPOTENCY_KEYS = text(
    "DELETE FROM idempotency_keys WHERE id IN"
    " (SELECT id FROM idempotency_keys WHERE created_at < :before ORDER BY created_at LIMIT :batch) RETURNING id"
)
_MAILS = text(
    "DELETE FROM mail_messages WHERE id IN"
    " (SELECT id FROM mail_messages WHERE created_at < :before ORDER BY created_at LIMIT :batch) RETURNING id"
)

_SEARCH_COUNTS = text(
    "DELETE FROM search_counts WHERE (day, terms) IN"
    " (SELECT day, terms FROM search_counts WHERE day < CAST(:before AS timestamptz)::date LIMIT :batch) RETURNING day"
)
_SEARCH_RUNS = text(
    "DELETE FROM search_runs WHERE id IN"
    " (SELECT id FROM search_runs WHERE started_at < :before ORDER BY started_at LIMIT :batch) RETURNING id"
)
_TICKETS = text(
    "DELETE FROM admission_tickets WHERE id IN"
    " (SELECT id FROM admission_tickets WHERE created_at < :before ORDER BY id LIMIT :batch) RETURNING id"
)


def forget_in_pod(pod_name: str) -> int:
    """Delete ended events and old webhooks of one pod; returns how many rows."""
    scope = pod_scope(pod_name)
    return _forget(scope, _OUTBOX, OUTBOX_DAYS) + _forget(scope, _PROVIDER_EVENTS, PROVIDER_EVENT_DAYS)


def forget_in_shop(scope: TenantScope) -> int:
    """Delete old idempotency keys, mails, search records and tickets of one shop; returns how many rows."""
    rules = (
        (_IDEMPOTENCY_KEYS, IDEMPOTENCY_DAYS),
        (_MAILS, MAIL_DAYS),
        (_SEARCH_COUNTS, SEARCH_DAYS),
        (_SEARCH_RUNS, SEARCH_DAYS),
        (_TICKETS, TICKET_DAYS),
    )
    return sum(_forget(scope, statement, days) for statement, days in rules)


def _forget(scope: Scope, statement: TextClause, days: int) -> int:
    total, values = 0, {"before": clock.now() - timedelta(days=days), "batch": BATCH}
    while True:
        with transaction(scope) as session:
            gone = len(session.execute(statement, values).all())
        total += gone
        if gone < BATCH:
            return total
