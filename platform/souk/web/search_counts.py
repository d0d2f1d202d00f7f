"""Count searches without slowing them: they add up in memory, and a thread writes them a few seconds later.

What a process has not written when it ends is lost; these are statistics and no one's record.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import date

import structlog

from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.search.counts import Count, add_counts, countable

SECONDS = 5.0
# Invented queries must not grow the process; beyond this they are not counted until the next writing.
MOST_KEPT = 5_000
log = structlog.get_logger(__name__)
Counts = dict[tuple[date, str], Count]


class Counter:
    """One for each process. `write` may be called by anybody; the thread calls it while there is something to write."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._kept: dict[TenantScope, Counts] = {}
        self._size = 0
        self._timer: threading.Timer | None = None

    def searched(self, scope: TenantScope, text: str, total: int) -> None:
        self._add(scope, text, Count(searches=1, without_results=int(total == 0)))

    def clicked(self, scope: TenantScope, text: str) -> None:
        self._add(scope, text, Count(clicks=1))

    def _add(self, scope: TenantScope, text: str, count: Count) -> None:
        terms = countable(text)
        if not terms:
            return
        key = (clock.now().date(), terms)
        with self._lock:
            counts = self._kept.setdefault(scope, {})
            if key not in counts:
                if self._size >= MOST_KEPT:
                    return
                self._size += 1
            counts[key] = counts.get(key, Count()) + count
            if self._timer is None:
                self._timer = threading.Timer(self._seconds, self.write)
                self._timer.daemon = True
                self._timer.start()

    def write(self) -> None:
        """Write what was counted; a shop that cannot be written loses these few seconds."""
        with self._lock:
            kept, self._kept, self._size, self._timer = self._kept, {}, 0, None
        for scope, counts in kept.items():
            _write(scope, counts)


def _write(scope: TenantScope, counts: Mapping[tuple[date, str], Count]) -> None:
    try:
        with transaction(scope) as session:
            add_counts(session, counts)
    except Exception:  # a thread has no caller to tell, and the next shop's counts are due
        log.exception("search_counts_lost", tenant_id=scope.tenant_id, queries=len(counts))


COUNTER = Counter()
