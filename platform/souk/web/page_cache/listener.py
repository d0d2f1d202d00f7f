"""Hear the purges of other processes; while they cannot be heard, the memory is not used."""

from __future__ import annotations

import json
import threading
import time
import weakref

import redis
import structlog

from souk.kernel.connections import redis_of
from souk.web.page_cache.memory import Memory
from souk.web.page_cache.shared import CHANNEL

log = structlog.get_logger(__name__)
_WAIT_SECONDS = 0.5


class Listener:
    """One daemon thread a pod, started by the first page asked for: a server may fork after the app is built.

    The thread ends with the memory that it keeps true, so that an app that is thrown away leaves none behind.
    """

    def __init__(self, memory: Memory, pod: str) -> None:
        self._memory = weakref.ref(memory)
        self._pod = pod
        self._started = False
        self._lock = threading.Lock()

    def start(self) -> None:
        if self._started:
            return
        with self._lock:
            if not self._started:
                self._started = True
                hear = (self._memory, self._pod)
                threading.Thread(target=_keep_hearing, args=hear, name="page-purges", daemon=True).start()


def _keep_hearing(memory_of: weakref.ref[Memory], pod: str) -> None:
    said = False
    while memory_of() is not None:
        try:
            _listen(memory_of, pod)
        except Exception as error:  # noqa: BLE001 - whatever happened, the thread must hear again
            memory = memory_of()
            # Once for each time it was heard: an absent Redis would fill the log.
            if memory is not None and (memory.heard or not said):
                log.warning("page_purges_not_heard", error=str(error))
            said = True
        _forget(memory_of())
        time.sleep(_WAIT_SECONDS)


def _forget(memory: Memory | None) -> None:
    if memory is not None:
        memory.heard = False
        memory.clear()


def _listen(memory_of: weakref.ref[Memory], pod: str) -> None:
    channel = redis_of(pod).pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]
    try:
        channel.subscribe(CHANNEL)
        # The server's answer comes first: from then on nothing is missed.
        channel.get_message(timeout=_WAIT_SECONDS * 2)
        if (memory := memory_of()) is not None:
            memory.clear()
            memory.heard = True
            del memory
        _hear(channel, memory_of)
    finally:
        channel.close()


def _hear(channel: redis.client.PubSub, memory_of: weakref.ref[Memory]) -> None:
    asked = time.monotonic()
    while True:
        message = channel.get_message(timeout=_WAIT_SECONDS)
        # Held for one message only: who waits holds nothing that shall go.
        memory = memory_of()
        if memory is None:
            return
        if message is not None and message["type"] == "message":
            told = json.loads(message["data"])
            memory.purge(told["tenant_id"], told["keys"])
        del memory
        if time.monotonic() - asked > _WAIT_SECONDS:
            # A dead connection is silent; a ping fails on it.
            channel.ping()
            asked = time.monotonic()
