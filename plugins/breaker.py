"""Leave a plugin alone for a while that failed or was too slow several times in a row."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

FAULTS_IN_A_ROW = 5
PAUSE_SECONDS = 120.0


@dataclass(slots=True)
class Breaker:
    """For one hook of one plugin in one shop, in one process: another shop's settings may work.

    After the pause one call is let through: when it fails too, the next pause begins at once.
    """

    seconds: Callable[[], float] = field(default=time.monotonic)
    faults: int = 0
    closed_again: float = 0.0

    @property
    def is_open(self) -> bool:
        return self.seconds() < self.closed_again

    def succeed(self) -> None:
        self.faults = 0

    def fail(self) -> bool:
        """Count a fault; True when it begins a pause."""
        self.faults += 1
        if self.faults < FAULTS_IN_A_ROW:
            return False
        self.closed_again = self.seconds() + PAUSE_SECONDS
        return True
