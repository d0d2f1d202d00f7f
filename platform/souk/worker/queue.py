"""The one RQ queue of a pod. A job is a hint: it carries a delivery's number and nothing else."""

from __future__ import annotations

from collections.abc import Iterable

import redis
from rq import Queue, Retry
from rq.serializers import JSONSerializer

from souk.kernel.connections import pod
from souk.kernel.tenancy import DEFAULT_POD

NAME = "deliveries"
JOB_TIMEOUT_SECONDS = 60
# Against the death of a worker only: a consumer that fails is tried again by its row in pod.deliveries.
# No interval: it would need RQ's scheduler, one more process with nothing else to do.
RETRY = Retry(max=3)
RESULT_SECONDS = 0
FAILURE_SECONDS = 3600


def connect(pod_name: str) -> redis.Redis:
    """A client of its own: RQ lengthens the time-outs of the client it is given."""
    return redis.Redis.from_url(pod(pod_name).redis_url or pod(DEFAULT_POD).redis_url)


def queue_on(connection: redis.Redis) -> Queue:
    return Queue(NAME, connection=connection, serializer=JSONSerializer, default_timeout=JOB_TIMEOUT_SECONDS)


def enqueue(queue: Queue, pod_name: str, delivery_ids: Iterable[int]) -> None:
    """Hand out deliveries in one round trip; after a redis.RedisError the sweeper hands them out."""
    jobs = [
        Queue.prepare_data(
            "souk.worker.deliver.deliver",
            args=(pod_name, delivery_id),
            timeout=JOB_TIMEOUT_SECONDS,
            retry=RETRY,
            result_ttl=RESULT_SECONDS,
            failure_ttl=FAILURE_SECONDS,
        )
        for delivery_id in delivery_ids
    ]
    if jobs:
        queue.enqueue_many(jobs)
