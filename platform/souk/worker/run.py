"""A process of one queue: RQ in the main thread, and beside it what belongs to that queue."""

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
from souk.worker.bulk import start_long, start_sending
from souk.worker.pictures import pictures
from souk.worker.queue import DELIVERIES, LONG, QUEUES, connect, enqueue, queue_on
from souk.worker.relay import BATCH, relay, sweep

POLL_SECONDS = 1.0
SWEEP_EVERY_SECONDS = 5.0
MAINTENANCE_SECONDS = 30

log = structlog.get_logger(__name__)


def run_worker(pod_name: str, queue_name: str = DELIVERIES, *, burst: bool = False) -> None:
    """Work until SIGTERM or Ctrl-C; with `burst` empty the outbox and both queues once and return.

    The process of `deliveries` relays the outbox too; that of `long` has imports, exports, pictures and rebuilds, so
    that a mail never waits for them.
    """
    connection = connect(pod_name)
    if burst:
        enqueue(queue_on(connection), pod_name, relay(pod_name))
        _worker(connection, *QUEUES).work(burst=True, logging_level="WARNING")
        return
    if queue_name == LONG:
        start_long()
        pictures.start()
    else:
        start_sending()
    stop = threading.Event()
    loops = [_long_loop] if queue_name == LONG else [_relay_loop, _periodic_loop]
    threads = [_start(loop, pod_name, stop) for loop in loops]
    try:
        _worker(connection, queue_name).work(logging_level="WARNING")
    finally:
        stop.set()
        for thread in threads:
            thread.join(POLL_SECONDS * 5)


def _worker(connection: redis.Redis, *names: str) -> SimpleWorker:
    # SimpleWorker runs jobs in this process: a fork for each would throw away the database pool and the
    # loaded shops, which costs more than our short jobs do. A job that kills the process loses nothing,
    # since its delivery is still pending.
    worker = SimpleWorker(
        [queue_on(connection, name) for name in names],
        connection=connection,
        serializer=JSONSerializer,
        maintenance_interval=MAINTENANCE_SECONDS,
    )
    worker.log_job_description = False
    return worker


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


def _long_loop(pod_name: str, stop: threading.Event) -> None:
    while not stop.wait(POLL_SECONDS):
        periodic.run_due(pod_name, long=True)
