"""Leave an engine alone for a moment after it failed: waiting for it would cost every page its time-out."""

from __future__ import annotations

import time
from collections.abc import Callable

PAUSE_SECONDS = 5.0


class Circuit:
    """One for each process; while it is open callers degrade at once."""

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._closed_again = 0.0

    @property
    def is_open(self) -> bool:
        return self._seconds() < self._closed_again

    def trip(self) -> None:
        self._closed_again = self._seconds() + PAUSE_SECONDS
