"""Start what is measured: the demo as a user starts it, and the bare application beside it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

READY_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Demo:
    """`facts` is the ready-file of `souk up`; `seconds` the time from start to ready."""

    facts: dict[str, Any]
    seconds: float
    pid: int
    home: Path

    @property
    def port(self) -> int:
        return int(self.facts["port"])

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def host(self, number: int = 0) -> str:
        return f"{self.facts['shops'][number]['host']}:{self.port}"

    def megabytes(self) -> float:
        """Return the proportional memory of all processes of the demo."""
        return sum(_pss(pid) for pid in [self.pid, *_descendants(self.pid)]) / 1024


@contextmanager
def demo(home: Path) -> Iterator[Demo]:
    """Run `souk up --demo` below `home` on a free port until the block ends."""
    ready = home / "ready.json"
    ready.unlink(missing_ok=True)
    # A configuration around us, such as the suite's, must not become that of the demo.
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("SOUK_", "DATABASE_", "REDIS_"))}
    environment = clean | {"SOUK_HOME": str(home / "souk"), "SOUK_PORT": str(free_port())}
    command = [str(Path(sys.executable).parent / "souk"), "up", "--demo", "--ready-file", str(ready)]
    begun = time.monotonic()
    with (home / "up.log").open("ab") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        while not ready.exists():
            if process.poll() is not None or time.monotonic() - begun > READY_SECONDS:
                raise RuntimeError(f"`souk up --demo` did not become ready; {home / 'up.log'} says why.")
            time.sleep(0.05)
        yield Demo(json.loads(ready.read_text()), time.monotonic() - begun, process.pid, home / "souk")
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


@contextmanager
def bare(dsn: str) -> Iterator[int]:
    """Run the bare application on Granian with two workers; yields its port."""
    port = free_port()
    granian = str(Path(sys.executable).parent / "granian")
    command = [granian, "--interface", "wsgi", "--workers", "2", "--port", str(port), "tests.benchmarks.bare_app:app"]
    process = subprocess.Popen(
        command, env=os.environ | {"BARE_DATABASE_URL": dsn}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for_port(port)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for_port(port: int) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"Nothing listens on port {port}.")


def _descendants(pid: int) -> list[int]:
    children = [int(word) for task in Path(f"/proc/{pid}/task").glob("*/children") for word in task.read_text().split()]
    return children + [below for child in children for below in _descendants(child)]


def _pss(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
