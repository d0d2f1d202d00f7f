"""Write events in the transaction that makes them true; claim each delivery once.

The relay (`souk.worker.relay`) turns rows into jobs. A job may be lost or run
twice, even at the same time: `once` makes the effect and the end of the
delivery one transaction, and lets a second runner find nothing to do.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import redis
from sqlalchemy import BigInteger, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from souk.kernel import clock
from souk.kernel.connections import redis_of
from souk.kernel.db import after_commit, scope_of, transaction
from souk.kernel.events import Event
from souk.kernel.statement import Statement
from souk.kernel.tenancy import Scope, TenantScope

WAKE_CHANNEL = "souk:outbox"

# Any number of events in one statement.
_PUBLISH = Statement[Any](
    text(
        "INSERT INTO pod.outbox (tenant_id, name, subject_id, payload, occurred_at)"
        " SELECT :tenant_id, name, subject_id, payload, :now"
        " FROM jsonb_to_recordset(:rows) AS event(name text, subject_id bigint, payload jsonb)"
    ).bindparams(bindparam("tenant_id", type_=BigInteger), bindparam("rows", type_=JSONB))
)
_CLAIM = Statement[Any](
    text(
        "UPDATE pod.deliveries SET status = 'done', done_at = :now WHERE id = ("
        " SELECT id FROM pod.deliveries WHERE id = :id AND status = 'pending' FOR UPDATE SKIP LOCKED)"
        " RETURNING id"
    )
)


def publish(session: Session, *events: Event) -> None:
    """Store `events`; consumers see them after the commit, or never when the transaction rolls back."""
    scope = scope_of(session)
    rows = [{"name": one.name, "subject_id": one.subject_id, "payload": dict(one.payload)} for one in events]
    _PUBLISH.run(session, tenant_id=scope.tenant_id, now=clock.now(), rows=rows)
    if not session.info.get("wakes_relay"):
        session.info["wakes_relay"] = True
        after_commit(session, lambda: wake_relay(scope))


def wake_relay(scope: Scope) -> None:
    """Tell the relay that there is work; a lost hint costs at most its poll interval."""
    with suppress(redis.RedisError):
        redis_of(scope.pod).publish(WAKE_CHANNEL, json.dumps({"pod": scope.pod}))


@dataclass(frozen=True, slots=True)
class Job:
    """One consumer's delivery of one event to one shop."""

    delivery_id: int
    scope: TenantScope
    event: Event


class AlreadyDelivered(Exception):
    """Another runner has finished this delivery, or is at it."""


@contextmanager
def once(job: Job) -> Iterator[Session]:
    """Open the shop's transaction in which the effect and the end of the delivery commit together.

    Raises AlreadyDelivered inside nothing but the runner, which treats it as success.
    """
    with transaction(job.scope) as session:
        if _CLAIM.run(session, id=job.delivery_id, now=clock.now()) == 0:
            raise AlreadyDelivered
        yield session
