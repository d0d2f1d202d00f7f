"""Hear the purges of other processes; while they cannot be heard, the memory is not used."""

from __future__ import annotations

import json
import threading
import time

import redis
import structlog

from souk.kernel.connections import redis_of
from souk.web.page_cache.memory import Memory
from souk.web.page_cache.shared import CHANNEL

log = structlog.get_logger(__name__)
_WAIT_SECONDS = 0.5


class Listener:
    """One daemon thread a pod, started by the first page asked for: a server may fork after the app is built."""

    def __init__(self, memory: Memory, pod: str) -> None:
        self._memory = memory
        self._pod = pod
        self._started = False
        self._lock = threading.Lock()

    def start(self) -> None:
        if self._started:
            return
        with self._lock:
            if not self._started:
                self._started = True
                threading.Thread(target=self._run, name="page-purges", daemon=True).start()

    def _run(self) -> None:
        said = False
        while True:
            try:
                self._listen()
            except Exception as error:  # noqa: BLE001 - whatever happened, the thread must hear again
                # Once for each time it was heard: an absent Redis would fill the log.
                if self._memory.heard or not said:
                    log.warning("page_purges_not_heard", error=str(error))
                said = True
            self._memory.heard = False
            self._memory.clear()
            time.sleep(_WAIT_SECONDS)

    def _listen(self) -> None:
        channel = redis_of(self._pod).pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]
        try:
            channel.subscribe(CHANNEL)
            # The server's answer comes first: from then on nothing is missed.
            channel.get_message(timeout=_WAIT_SECONDS * 2)
            self._memory.clear()
            self._memory.heard = True
            self._hear(channel)
        finally:
            channel.close()

    def _hear(self, channel: redis.client.PubSub) -> None:
        asked = time.monotonic()
        while True:
            message = channel.get_message(timeout=_WAIT_SECONDS)
            if message is not None and message["type"] == "message":
                told = json.loads(message["data"])
                self._memory.purge(told["tenant_id"], told["keys"])
            if time.monotonic() - asked > _WAIT_SECONDS:
                # A dead connection is silent; a ping fails on it.
                channel.ping()
                asked = time.monotonic()
