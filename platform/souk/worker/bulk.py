"""Work that takes minutes, in threads of its own: a picture must not queue behind an import, nor a page behind an app.

A delivery of such work stays pending until it has ended. When the process dies, the sweeper hands it out again after
a minute; when the thread is still at it, that second hand-out finds it in hand and does nothing.
"""

from __future__ import annotations

import ctypes
import queue
import threading
from collections.abc import Callable

import structlog

from souk.kernel.outbox import AlreadyDelivered, Job
from souk.worker.consumers import Consumer
from souk.worker.deliver import note_failure

Work = Callable[[Job], None]
_libc = ctypes.CDLL(None)
log = structlog.get_logger(__name__)


class Bulk:
    """One thread and its line of work. Before `start`, as in `souk worker --burst`, work is done at once."""

    def __init__(self) -> None:
        self._line: queue.SimpleQueue[tuple[Work, Job]] = queue.SimpleQueue()
        self._in_hand: set[int] = set()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to work off the line; the thread ends with the process, which loses at most a batch."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._work_off, name="bulk", daemon=True)
            self._thread.start()

    def consumer(self, work: Work) -> Consumer:
        """Return a consumer that hands each job to the thread; `work` ends the delivery with `once`."""

        def hand_over(job: Job) -> None:
            if self._thread is None:
                work(job)
                return
            with self._lock:
                if job.delivery_id in self._in_hand:
                    return
                self._in_hand.add(job.delivery_id)
            self._line.put((work, job))

        return hand_over

    def _work_off(self) -> None:
        while True:
            work, job = self._line.get()
            try:
                work(job)
            except AlreadyDelivered:
                log.info("delivery_already_done", delivery_id=job.delivery_id)
            except Exception as error:  # one job's fault must not stop the line
                log.exception("bulk_failed", delivery_id=job.delivery_id, tenant_id=job.scope.tenant_id)
                note_failure(job.scope.pod, job.delivery_id, f"{type(error).__name__}: {error}")
            finally:
                with self._lock:
                    self._in_hand.discard(job.delivery_id)
                if self._line.empty():
                    give_back_memory()


def give_back_memory() -> None:
    """Let the machine have what an import or an index took: glibc would keep it for the next one, hours later."""
    if hasattr(_libc, "malloc_trim"):
        _libc.malloc_trim(0)


bulk = Bulk()
# Rebuilds and the documents of imports: an import goes on while its first products are indexed.
indexing = Bulk()
# Apps' endpoints take up to ten seconds each: a dead one delays those of its own line only.
sending = tuple(Bulk() for _ in range(4))


def start_long() -> None:
    """Start the lines of the process that has the long queue."""
    for line in (bulk, indexing):
        line.start()


def start_sending() -> None:
    for line in sending:
        line.start()
