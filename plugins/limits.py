"""How long a hook may take, and a way to stop waiting for one that takes longer.

Nothing can end a thread in Python, so an overrunning hook is left behind in its own: the page goes on
without its answer, and the breaker sees to it that few are left behind.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextvars import copy_context
from typing import Any

from plugins.api import HookKind

# Within a request the limit is what a shopper may lose to one plugin; an event runs in the worker and may call out.
SECONDS: Mapping[HookKind, float] = {
    HookKind.EVENT: 10.0,
    HookKind.FILTER: 0.25,
    HookKind.VALIDATOR: 0.25,
    HookKind.SLOT: 0.25,
    # All who are asked together begin at the same moment, so this is also what a buyer waits for all of them.
    HookKind.QUESTION: 2.0,
}


class TooSlow(TimeoutError):
    """A hook took longer than its kind may."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"no answer after {seconds} s")


def within(seconds: float, call: Callable[[], Any]) -> Any:
    """Return what `call` returns, or raise what it raises, or TooSlow."""
    outcome: list[Any] = []
    failure: list[BaseException] = []

    def attempt() -> None:
        try:
            outcome.append(call())
        except BaseException as error:  # noqa: BLE001 - raised again by the thread that waits
            failure.append(error)

    # A daemon: a hook that never ends must not keep the process from ending.
    thread = threading.Thread(target=copy_context().run, args=(attempt,), name="plugin hook", daemon=True)
    thread.start()
    thread.join(seconds)
    if failure:
        raise failure[0]
    if not outcome:
        raise TooSlow(seconds)
    return outcome[0]
