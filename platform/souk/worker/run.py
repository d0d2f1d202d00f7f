"""The process itself: RQ in the main thread, relay, sweeper and periodic jobs beside it in two threads."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import redis
import structlog
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer

from souk.kernel.outbox import WAKE_CHANNEL
from souk.worker import periodic
from souk.worker.bulk import start_all
from souk.worker.pictures import pictures
from souk.worker.queue import connect, enqueue, queue_on
from souk.worker.relay import BATCH, relay, sweep

POLL_SECONDS = 1.0
SWEEP_EVERY_SECONDS = 5.0
MAINTENANCE_SECONDS = 30

log = structlog.get_logger(__name__)


def run_worker(pod_name: str, *, burst: bool = False) -> None:
    """Work until SIGTERM or Ctrl-C; with `burst` empty the outbox and the queue once and return."""
    connection = connect(pod_name)
    queue = queue_on(connection)
    # SimpleWorker runs jobs in this process: a fork for each would throw away the database pool and the
    # loaded shops, which costs more than our short jobs do. A job that kills the process loses nothing,
    # since its delivery is still pending. One queue only: with two, RQ loses the job in hand at a death.
    worker = SimpleWorker(
        [queue], connection=connection, serializer=JSONSerializer, maintenance_interval=MAINTENANCE_SECONDS
    )
    worker.log_job_description = False
    if burst:
        enqueue(queue, pod_name, relay(pod_name))
        worker.work(burst=True, logging_level="WARNING")
        return
    start_all()
    pictures.start()
    stop = threading.Event()
    threads = [_start(_relay_loop, pod_name, stop), _start(_periodic_loop, pod_name, stop)]
    try:
        worker.work(logging_level="WARNING")
    finally:
        stop.set()
        for thread in threads:
            thread.join(POLL_SECONDS * 5)


def _start(loop: Callable[[str, threading.Event], None], pod_name: str, stop: threading.Event) -> threading.Thread:
    thread = threading.Thread(target=loop, args=(pod_name, stop), name=loop.__name__, daemon=True)
    thread.start()
    return thread


def _relay_loop(pod_name: str, stop: threading.Event) -> None:
    connection = connect(pod_name)
    wake = connection.pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]
    queue = queue_on(connection)
    next_sweep = 0.0
    while not stop.is_set():
        try:
            made = relay(pod_name)
            enqueue(queue, pod_name, made)
            if time.monotonic() >= next_sweep:
                next_sweep = time.monotonic() + SWEEP_EVERY_SECONDS
                hand_out_overdue(queue, pod_name)
            if len(made) < BATCH:
                _wait(wake, stop)
        except Exception:  # a database or Redis that is away comes back; the worker must still be here then
            log.exception("relay_failed", pod=pod_name)
            stop.wait(POLL_SECONDS)


def hand_out_overdue(queue: Queue, pod_name: str) -> int:
    """Hand out again what is overdue, and return how much that was.

    Nothing while the queue is long: it has lost nothing then, and what waits in it would be put behind itself.
    """
    overdue = sweep(pod_name) if queue.count < BATCH else []
    enqueue(queue, pod_name, overdue)
    return len(overdue)


def _wait(wake: redis.client.PubSub, stop: threading.Event) -> None:
    try:
        if not wake.subscribed:
            wake.subscribe(WAKE_CHANNEL)
        wake.get_message(timeout=POLL_SECONDS)
    except redis.RedisError:
        stop.wait(POLL_SECONDS)


def _periodic_loop(pod_name: str, stop: threading.Event) -> None:
    while not stop.wait(POLL_SECONDS):
        periodic.run_due(pod_name)
