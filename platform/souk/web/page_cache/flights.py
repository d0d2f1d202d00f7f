"""One request of a process makes a page that is missing; those that ask meanwhile wait for it.

Without this a purge of a busy page sends every visitor of that second to the database at once.
"""

from __future__ import annotations

import threading
from collections.abc import Hashable, Iterator
from contextlib import contextmanager

# Longer than a page takes to make. Whoever has waited in vain makes the page alone: the first one may have died.
PATIENCE_SECONDS = 1.0


class Flights:
    """The pages that are being made by this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._going: dict[Hashable, threading.Event] = {}

    @contextmanager
    def share(self, key: Hashable) -> Iterator[bool]:
        """Yield True at once to the first one for `key`; False to the others, when the first has ended."""
        with self._lock:
            landed = self._going.get(key)
            first = landed is None
            if landed is None:
                landed = self._going[key] = threading.Event()
        if not first:
            landed.wait(PATIENCE_SECONDS)
            yield False
            return
        try:
            yield True
        finally:
            with self._lock:
                del self._going[key]
            landed.set()
