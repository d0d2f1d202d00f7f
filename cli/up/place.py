"""Where one copy of the platform lives: its folder, its port, and the lock that keeps a second copy out."""

from __future__ import annotations

import fcntl
import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cli.edge import RUNNING_FILE
from cli.up.errors import HomeTakenError, PortTakenError

PROJECT = Path(__file__).resolve().parents[2]
DEFAULT_PORT = 8000


@dataclass(frozen=True, slots=True)
class Place:
    home: Path
    host: str
    port: int
    base_domain: str

    @property
    def logs(self) -> Path:
        return self.home / "logs"

    @property
    def metrics(self) -> Path:
        return self.home / "metrics"

    @property
    def running(self) -> Path:
        """Where `souk` commands in another terminal find the stores of this copy."""
        return self.home / RUNNING_FILE

    @property
    def demo_facts(self) -> Path:
        """What `souk demo seed` wrote about the demo shops and the login."""
        return self.home / "demo.json"


def place_from(env: Mapping[str, str]) -> Place:
    """Read SOUK_HOME, SOUK_HOST, SOUK_PORT (0 means any free one) and SOUK_BASE_DOMAIN."""
    host = env.get("SOUK_HOST", "127.0.0.1")
    port = int(env.get("SOUK_PORT", str(DEFAULT_PORT)))
    home = Path(env.get("SOUK_HOME", ".souk")).absolute()
    return Place(home, host, _usable_port(host, port), env.get("SOUK_BASE_DOMAIN", "localhost"))


@contextmanager
def sole_owner(home: Path) -> Iterator[None]:
    """Hold the lock on `home`; the kernel drops it however we die."""
    home.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(home / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise HomeTakenError(home) from error
        yield
    finally:
        os.close(descriptor)


def _usable_port(host: str, port: int) -> int:
    # Granian sets SO_REUSEPORT: unasked, two copies would share one port and each get half the requests.
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTakenError(host, port) from error
        return int(probe.getsockname()[1])
