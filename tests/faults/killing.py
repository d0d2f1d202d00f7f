"""Do a piece of work in a process of its own, and kill that process at a chosen point of it."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import event

from plugins.builtin.test_gateway.plugin import Gateway
from souk.kernel import connections
from souk.kernel.connections import engine_of
from souk.kernel.errors import SoukError
from souk.kernel.tenancy import DEFAULT_POD

_PROVIDER_CALLS = ("initialize", "charge", "status", "confirm", "cancel", "capture", "refund")


@dataclass(slots=True)
class Tripwire:
    """Counts the points that the work comes by, and kills its own process at number `kill_at`."""

    kill_at: int | None
    passed: list[str] = field(default_factory=list)

    def pass_by(self, point: str) -> None:
        if len(self.passed) == self.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        self.passed.append(point)


@dataclass(frozen=True, slots=True)
class Outcome:
    """`points` is empty for a process that was killed: it could not tell."""

    killed: bool
    points: list[str]


def run_killed(
    work: Callable[[], object], kill_at: int | None, *, statements: bool = False, provider: type = Gateway
) -> Outcome:
    """Run `work` in a child process that dies by SIGKILL at point `kill_at` (None: never) and return how it ended.

    Points stand before and after every commit and every call of `provider`, with `statements` before each
    statement too. A refusal that the work raises is one of its ends.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        _work_and_tell(work, Tripwire(kill_at), writing, statements=statements, provider=provider)
    os.close(writing)
    with os.fdopen(reading) as told:
        words = told.read()
    _, status = os.waitpid(child, 0)
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    assert killed or os.waitstatus_to_exitcode(status) == 0, words
    return Outcome(killed, [] if killed else json.loads(words))


def _work_and_tell(
    work: Callable[[], object], wire: Tripwire, writing: int, *, statements: bool, provider: type
) -> None:
    code = 1
    try:
        # The parent goes on using its connections: here they are forgotten, and closed by nobody.
        connections._engines.clear()
        connections._redis.clear()
        with (
            pytest.MonkeyPatch.context() as patch,
            _watched(wire, patch, provider, statements=statements),
            suppress(SoukError),
        ):
            work()
        os.write(writing, json.dumps(wire.passed).encode())
        code = 0
    finally:
        os._exit(code)


@contextmanager
def _watched(wire: Tripwire, patch: pytest.MonkeyPatch, provider: type, *, statements: bool) -> Iterator[None]:
    engine = engine_of(DEFAULT_POD)
    if statements:
        event.listen(engine, "before_cursor_execute", lambda *args: wire.pass_by(" ".join(args[2].split()[:4])))
    commit = engine.dialect.do_commit

    def do_commit(connection: Any) -> None:
        wire.pass_by("before a commit")
        commit(connection)
        wire.pass_by("after a commit")

    patch.setattr(engine.dialect, "do_commit", do_commit)
    for name in _PROVIDER_CALLS:
        patch.setattr(provider, name, _around(wire, name, getattr(provider, name)))
    yield


def _around(wire: Tripwire, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
    def watched(*args: Any, **options: Any) -> Any:
        wire.pass_by(f"before {name}")
        try:
            return call(*args, **options)
        finally:
            wire.pass_by(f"after {name}")

    return watched
