"""Hear the purges of other processes; while they cannot be heard, the memory is not used."""

from __future__ import annotations

import json
import threading
import time
import weakref
from collections.abc import Sequence

import redis
import structlog

from souk.kernel.connections import redis_of
from souk.web.page_cache.memory import Memory
from souk.web.page_cache.shared import CHANNEL

log = structlog.get_logger(__name__)
_WAIT_SECONDS = 0.5
_started: weakref.WeakSet[Listener] = weakref.WeakSet()


class Listener:
    """One daemon thread a pod, started by the first page asked for: a server may fork after the app is built."""

    def __init__(self, memories: Sequence[Memory], pod: str) -> None:
        self._memories = memories
        self._pod = pod
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def start(self) -> None:
        if self._thread is not None:
            return
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="page-purges", daemon=True)
                self._thread.start()
                _started.add(self)

    def end(self) -> None:
        """Hear no more, within a second; the memory is not used from then on."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join(_WAIT_SECONDS * 4)

    def _run(self) -> None:
        said = False
        while not self._ended.is_set():
            try:
                self._listen()
            except Exception as error:  # noqa: BLE001 - whatever happened, the thread must hear again
                # Once for each time it was heard: an absent Redis would fill the log.
                if any(memory.heard for memory in self._memories) or not said:
                    log.warning("page_purges_not_heard", error=str(error))
                said = True
            self._trust(heard=False)
            self._ended.wait(_WAIT_SECONDS)

    def _trust(self, *, heard: bool) -> None:
        for memory in self._memories:
            memory.heard = False
            memory.clear()
            memory.heard = heard

    def _listen(self) -> None:
        channel = redis_of(self._pod).pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]
        try:
            channel.subscribe(CHANNEL)
            # The server's answer comes first: from then on nothing is missed.
            channel.get_message(timeout=_WAIT_SECONDS * 2)
            self._trust(heard=True)
            self._hear(channel)
        finally:
            channel.close()

    def _hear(self, channel: redis.client.PubSub) -> None:
        asked = time.monotonic()
        while not self._ended.is_set():
            message = channel.get_message(timeout=_WAIT_SECONDS)
            if message is not None and message["type"] == "message":
                told = json.loads(message["data"])
                for memory in self._memories:
                    memory.purge(told["tenant_id"], told["keys"])
            if time.monotonic() - asked > _WAIT_SECONDS:
                # A dead connection is silent; a ping fails on it.
                channel.ping()
                asked = time.monotonic()


def end_all() -> None:
    """End every listener of this process, which lives on without its apps: each would go on to ask Redis."""
    for listener in list(_started):
        listener.end()
        _started.discard(listener)
