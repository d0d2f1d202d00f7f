"""Keep processes running: a crashed one starts again after a pause that doubles, and all stop in order."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from cli.services.child import Child

FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0
# A process that lived this long had a good start: its next crash is a new story.
HEALTHY_SECONDS = 60.0


@dataclass(slots=True)
class Kept:
    """One process: how to start it, and when it may be started again."""

    name: str
    start: Callable[[], Child]
    is_service: bool = False
    child: Child | None = None
    started: float = 0.0
    pause: float = FIRST_PAUSE_SECONDS
    restart_at: float | None = None

    def launch(self) -> None:
        self.child = self.start()
        self.started = time.monotonic()
        self.restart_at = None


@dataclass(slots=True)
class Keeper:
    """`say` hears one sentence about each crash and each restart."""

    say: Callable[[str], None]
    kept: list[Kept] = field(default_factory=list)

    def add(self, name: str, start: Callable[[], Child], *, is_service: bool = False) -> None:
        """Start a process now; a service is what the others lean on, so it is stopped after them."""
        process = Kept(name, start, is_service)
        process.launch()
        self.kept.append(process)

    def look(self) -> None:
        """Notice the dead and start those whose pause is over."""
        for process in self.kept:
            if process.restart_at is not None:
                if time.monotonic() >= process.restart_at:
                    self._restart(process)
            elif process.child is not None and not process.child.running:
                self._plan_restart(process)

    def stop(self) -> None:
        """Stop everything, the newest first; what a process left in its group is killed."""
        # Each finishes what it is doing: one after the other, that would add up.
        for process in self.kept:
            if process.child is not None and not process.is_service:
                process.child.ask_to_stop()
        for process in reversed(self.kept):
            if process.child is not None:
                process.child.stop()
                end_group(process.child)
        self.kept.clear()

    def _plan_restart(self, process: Kept) -> None:
        child = process.child
        if child is None:
            return
        # Granian's workers would otherwise go on serving beside those of the next start.
        end_group(child)
        if time.monotonic() - process.started > HEALTHY_SECONDS:
            process.pause = FIRST_PAUSE_SECONDS
        code = child.popen.returncode
        self.say(f"{process.name} ended with code {code}; it starts again in {process.pause:g} s. Log: {child.log}")
        process.restart_at = time.monotonic() + process.pause
        process.pause = min(process.pause * 2, LONGEST_PAUSE_SECONDS)

    def _restart(self, process: Kept) -> None:
        try:
            process.launch()
        except RuntimeError as error:
            self.say(f"{process.name} did not start: {error}")
            process.restart_at = time.monotonic() + process.pause
            process.pause = min(process.pause * 2, LONGEST_PAUSE_SECONDS)


def end_group(child: Child) -> None:
    """Kill whatever is left of a child's process group."""
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
