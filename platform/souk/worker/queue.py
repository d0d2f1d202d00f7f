"""The RQ queues of a pod. A job is a hint: it carries the numbers of deliveries and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import redis
from rq import Queue, Retry
from rq.queue import EnqueueData
from rq.serializers import JSONSerializer
from sqlalchemy import text

from souk.kernel.connections import pod
from souk.kernel.db import transaction
from souk.kernel.events import Event
from souk.kernel.tenancy import DEFAULT_POD, pod_scope
from souk.worker.consumers import is_long

# Each has a worker process of its own: with two queues, RQ loses the job in hand at a death.
DELIVERIES, LONG = "deliveries", "long"
QUEUES = (DELIVERIES, LONG)
# How long one delivery may take.
TIMEOUT_SECONDS = 60
# RQ's bookkeeping of a job costs as much as a mail: an order's deliveries, made in one commit, share it. Long work
# goes alone, so that two workers of it share evenly.
TOGETHER = 10
MOST_LONG = 1_000
# Against the death of a worker only: a consumer that fails is tried again by its row in pod.deliveries.
# No interval: it would need RQ's scheduler, one more process with nothing else to do.
RETRY = Retry(max=3)
RESULT_SECONDS = 0
FAILURE_SECONDS = 3600

_WHAT = text(
    "SELECT d.id, d.consumer, o.name, o.subject_id, o.payload FROM pod.deliveries d"
    " JOIN pod.outbox o ON o.id = d.outbox_id WHERE d.id = ANY(:ids) ORDER BY d.id"
)


def connect(pod_name: str) -> redis.Redis:
    """A client of its own: RQ lengthens the time-outs of the client it is given."""
    return redis.Redis.from_url(pod(pod_name).redis_url or pod(DEFAULT_POD).redis_url)


def queue_on(connection: redis.Redis, name: str = DELIVERIES) -> Queue:
    return Queue(name, connection=connection, serializer=JSONSerializer, default_timeout=TIMEOUT_SECONDS)


def enqueue(queue: Queue, pod_name: str, delivery_ids: Sequence[int]) -> None:
    """Hand out deliveries, long work to the long queue beside `queue`; after a redis.RedisError the sweeper does it."""
    if not delivery_ids:
        return
    for name, ids in _by_queue(pod_name, delivery_ids).items():
        target = queue if name == queue.name else queue_on(queue.connection, name)
        if name == LONG and target.count >= MOST_LONG:
            continue  # whoever should work them off is away; the sweeper hands them out when there is room
        size = 1 if name == LONG else TOGETHER
        target.enqueue_many([_job(pod_name, ids[at : at + size]) for at in range(0, len(ids), size)])


def _by_queue(pod_name: str, delivery_ids: Iterable[int]) -> Mapping[str, list[int]]:
    found: dict[str, list[int]] = {}
    with transaction(pod_scope(pod_name), read_only=True) as session:
        for row in session.execute(_WHAT, {"ids": list(delivery_ids)}):
            long = is_long(Event(row.name, row.subject_id, row.payload), row.consumer)
            found.setdefault(LONG if long else DELIVERIES, []).append(row.id)
    return found


def _job(pod_name: str, delivery_ids: Sequence[int]) -> EnqueueData:
    return Queue.prepare_data(
        "souk.worker.job.run",
        args=(pod_name, list(delivery_ids), TIMEOUT_SECONDS),
        timeout=TIMEOUT_SECONDS * len(delivery_ids),
        retry=RETRY,
        result_ttl=RESULT_SECONDS,
        failure_ttl=FAILURE_SECONDS,
    )
