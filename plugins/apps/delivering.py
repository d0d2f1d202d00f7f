"""Hand events to the endpoints that want them: found by the relay, sent by the worker, tried again with back-off.

A delivery is a row of `pod.deliveries` whose consumer is `webhook.<endpoint>`, so that retries, the sweeper and the
retention of the outbox hold for it too.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import structlog
from sqlalchemy import Row, func, or_, select, text, update
from sqlalchemy.orm import Session

from plugins.apps.endpoints import Endpoint, read_endpoint
from plugins.apps.errors import EndpointGone, NotDelivered, UnknownEndpoint
from plugins.apps.sending import Sender
from plugins.apps.signing import signature
from plugins.apps.topics import TOPICS, data_of
from souk.kernel import clock, ids
from souk.kernel.db import transaction
from souk.kernel.models import ApiToken, WebhookEndpoint
from souk.kernel.outbox import Job, once

PREFIX = "webhook."
GIVE_UP_AFTER = timedelta(days=3)
_HAPPENED = text(
    "SELECT o.id, o.occurred_at FROM pod.deliveries d JOIN pod.outbox o ON o.id = d.outbox_id WHERE d.id = :id"
)
log = structlog.get_logger(__name__)


def find(session: Session, events: Sequence[Row[Any]]) -> dict[int, list[str]]:
    """Return outbox id -> consumers, for the events that an endpoint of their shop wants; one select for all."""
    wanted = [event for event in events if event.name in TOPICS]
    if not wanted:
        return {}
    table = WebhookEndpoint
    tenants = sorted({event.tenant_id for event in wanted})
    columns: tuple[Any, ...] = (table.id, table.tenant_id, table.topics)
    query = select(*columns).where(table.status == "active")
    endpoints: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in session.execute(query.where(table.tenant_id.in_(tenants)).order_by(table.id)):
        endpoints[row.tenant_id].append(row)
    found = {
        event.id: [f"{PREFIX}{row.id}" for row in endpoints[event.tenant_id] if event.name in row.topics]
        for event in wanted
    }
    return {event_id: names for event_id, names in found.items() if names}


def consumer(name: str, sender: Sender | None = None) -> Callable[[Job], None]:
    """Return what sends a delivery to the endpoint that the consumer's name holds."""
    return partial(send_event, int(name.removeprefix(PREFIX)), sender or Sender())


def send_event(endpoint_id: int, sender: Sender, job: Job) -> None:
    """Send one event; raises NotDelivered, after which the worker tries again later.

    An endpoint that is gone, or has taken nothing for three days, is disabled and gets nothing more.
    """
    with transaction(job.scope) as session:
        endpoint = _active(session, endpoint_id)
        outbox_id, occurred_at = session.execute(_HAPPENED, {"id": job.delivery_id}).one()
    if endpoint is None:
        with once(job):
            return
    headers, body = message(endpoint, job, outbox_id, occurred_at)
    try:
        sender.post(endpoint.url, headers, body)
    except EndpointGone as error:
        with once(job) as session:
            _disable(session, endpoint_id, error.detail)
        return
    except NotDelivered:
        with transaction(job.scope) as session:
            _note_failure(session, endpoint)
        raise
    with once(job) as session:
        if endpoint.failing_since is not None:
            _set(session, endpoint_id, failing_since=None)


def _active(session: Session, endpoint_id: int) -> Endpoint | None:
    """Return the endpoint while it and its app's token work; a token that ended disables it."""
    try:
        endpoint = read_endpoint(session, endpoint_id)
    except UnknownEndpoint:
        return None
    if endpoint.status != "active":
        return None
    works = select(ApiToken.id).where(
        ApiToken.id == endpoint.token_id,
        ApiToken.revoked_at.is_(None),
        or_(ApiToken.expires_at.is_(None), ApiToken.expires_at > clock.now()),
    )
    if session.execute(works).first() is not None:
        return endpoint
    _disable(session, endpoint_id, "The token of its app was revoked or has expired.")
    return None


def message(endpoint: Endpoint, job: Job, outbox_id: int, occurred_at: datetime) -> tuple[dict[str, str], bytes]:
    """Return headers and body; the id and the body are the same at each attempt, the timestamp is the attempt's."""
    said: Mapping[str, Any] = {
        "type": job.event.name,
        "timestamp": occurred_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "data": data_of(job.event),
    }
    body = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
    message_id, timestamp = f"msg_{job.scope.pod}_{job.delivery_id}", int(clock.now().timestamp())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Souk-Webhooks/1",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(endpoint.secret, message_id, timestamp, body),
        # The same for every endpoint that is told of this event.
        "souk-event-id": f"event_{job.scope.pod}_{outbox_id}",
        "souk-webhook": ids.encode(ids.WEBHOOK, endpoint.id),
    }
    return headers, body


def _note_failure(session: Session, endpoint: Endpoint) -> None:
    now = clock.now()
    if endpoint.failing_since is not None and endpoint.failing_since < now - GIVE_UP_AFTER:
        _disable(session, endpoint.id, f"Nothing arrived for {GIVE_UP_AFTER.days} days.")
        return
    _set(session, endpoint.id, failing_since=func.coalesce(WebhookEndpoint.failing_since, now))


def _disable(session: Session, endpoint_id: int, reason: str) -> None:
    log.warning("webhook_disabled", endpoint_id=endpoint_id, reason=reason)
    _set(session, endpoint_id, status="disabled", disabled_reason=reason)


def _set(session: Session, endpoint_id: int, **values: Any) -> None:
    session.execute(update(WebhookEndpoint).where(WebhookEndpoint.id == endpoint_id).values(**values))
