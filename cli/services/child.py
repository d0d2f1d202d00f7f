"""Child processes that never outlive us: the kernel ends them even when we are killed with SIGKILL."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cli.services.errors import ServiceDiedError, ServiceSlowError

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(slots=True)
class Child:
    """A running process with the signal that ends it politely."""

    name: str
    popen: subprocess.Popen[bytes]
    log: Path
    stop_signal: signal.Signals = signal.SIGTERM
    asked: bool = False

    @property
    def pid(self) -> int:
        return self.popen.pid

    @property
    def running(self) -> bool:
        return self.popen.poll() is None

    def ask_to_stop(self) -> None:
        """Ask once: a worker takes a second signal as an order to drop what it is doing."""
        if self.running and not self.asked:
            self.asked = True
            self.popen.send_signal(self.stop_signal)

    def stop(self, patience: float = 15.0) -> None:
        """Ask, wait `patience` seconds, then kill the whole process group."""
        self.ask_to_stop()
        try:
            self.popen.wait(patience)
        except subprocess.TimeoutExpired:
            os.killpg(self.popen.pid, signal.SIGKILL)
            self.popen.wait()

    def wait_until(self, ready: Callable[[], bool], seconds: float = 30.0) -> None:
        """Poll `ready` every 20 ms; an early death or the time limit raises with the end of the log."""
        limit = time.monotonic() + seconds
        while not ready():
            code = self.popen.poll()
            if code is not None:
                raise ServiceDiedError(self.name, code, self.log)
            if time.monotonic() > limit:
                self.stop(patience=1.0)
                raise ServiceSlowError(self.name, seconds, self.log)
            time.sleep(0.02)


def start_child(
    name: str,
    argv: Sequence[str],
    *,
    log: Path,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    stop_signal: signal.Signals = signal.SIGTERM,
) -> Child:
    """Start `argv` in a session of its own, its output appended to `log`.

    The session of its own keeps a Ctrl-C in the terminal from reaching everybody at once: the
    order of stopping is ours. On Linux the child receives `stop_signal` when we die.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        popen = subprocess.Popen(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=cwd,
            env=dict(env) if env is not None else None,
            start_new_session=True,
            preexec_fn=_die_with_parent(stop_signal),  # noqa: PLW1509  the child only calls prctl and getppid
        )
    return Child(name, popen, log, stop_signal)


def _die_with_parent(stop_signal: signal.Signals) -> Callable[[], None] | None:
    libc = _libc
    if libc is None:
        return None
    parent = os.getpid()

    def arm() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(stop_signal), 0, 0, 0)
        if os.getppid() != parent:  # the parent died before the line above: nobody would signal us any more
            os._exit(1)

    return arm
