"""Count what waits in the outbox, and give failed deliveries another round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.tenancy import pod_scope

_UNRELAYED = text("SELECT count(*) FROM pod.outbox WHERE relayed_at IS NULL")
_BY_CONSUMER = text(
    "SELECT consumer, count(*) FILTER (WHERE status = 'pending') AS pending,"
    " count(*) FILTER (WHERE status = 'failed') AS failed, max(last_error) AS last_error"
    " FROM pod.deliveries WHERE status <> 'done' GROUP BY consumer ORDER BY consumer"
)
_OLDEST = text(
    "SELECT coalesce(extract(epoch FROM :now - min(occurred_at))::int, 0) FROM pod.outbox WHERE relayed_at IS NULL"
)
_REPLAY = text(
    "UPDATE pod.deliveries SET status = 'pending', attempts = 0, next_attempt_at = :now"
    " WHERE status = 'failed' AND (CAST(:consumer AS text) IS NULL OR consumer = :consumer) RETURNING id"
)


@dataclass(frozen=True, slots=True)
class Backlog:
    unrelayed: int
    rows: Sequence[Row[Any]]

    def as_rows(self) -> list[dict[str, Any]]:
        """One mapping for each consumer with consumer, pending, failed and last_error."""
        return [dict(row._mapping) for row in self.rows]  # noqa: SLF001  SQLAlchemy's public name for it


def backlog(pod_name: str) -> Backlog:
    with transaction(pod_scope(pod_name), read_only=True) as session:
        return Backlog(session.scalar(_UNRELAYED) or 0, session.execute(_BY_CONSUMER).all())


def oldest_wait_seconds(session: Session) -> int:
    """Return for how long the oldest event has waited for a relay, 0 when none waits."""
    return int(session.scalar(_OLDEST, {"now": clock.now()}) or 0)


def replay_failed(pod_name: str, consumer: str | None = None) -> int:
    """Make failed deliveries pending again and return how many; the sweeper hands them out."""
    with transaction(pod_scope(pod_name)) as session:
        return len(session.execute(_REPLAY, {"now": clock.now(), "consumer": consumer}).all())
