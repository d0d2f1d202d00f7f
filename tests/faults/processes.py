"""Start real processes of the platform for a test, wait for what they do, and end them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from souk.kernel.connections import admin_connection

ROOT = Path(__file__).parents[2]
PATIENCE = 90.0


@contextmanager
def running(*words: str, log: Path, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run `python WORDS...` on the stores of this test until the block ends; it may be dead by then."""
    env = os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}", **environment}
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, *words], env=env, cwd=ROOT, stdout=output, stderr=output, start_new_session=True
        )
    try:
        yield process
    finally:
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process and those that it started."""
    for word, seconds in ((signal.SIGTERM, 15), (signal.SIGKILL, 15)):
        if process.poll() is None:
            os.killpg(process.pid, word)
            try:
                process.wait(seconds)
            except subprocess.TimeoutExpired:
                continue


def kill(process: subprocess.Popen[bytes]) -> None:
    """Let a process die at once, with those that it started, and without a last word."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(15)


def wait_until(condition: Callable[[], bool], what: str) -> None:
    limit = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < limit, f"{what} did not happen in {PATIENCE:.0f} seconds"
        time.sleep(0.1)


def make_due() -> None:
    """Let the minute pass after which a delivery that was handed out is handed out again."""
    with admin_connection("default") as admin:
        admin.execute("UPDATE pod.deliveries SET next_attempt_at = now() WHERE status = 'pending'")


def waiting(tenant_id: int) -> tuple[int, int]:
    """Return how many events of a shop are not relayed, and how many of its deliveries have not ended."""
    with admin_connection("default") as admin:
        row = admin.execute(
            "SELECT (SELECT count(*) FROM pod.outbox WHERE tenant_id = %(id)s AND relayed_at IS NULL),"
            " (SELECT count(*) FROM pod.deliveries WHERE tenant_id = %(id)s AND status <> 'done')",
            {"id": tenant_id},
        ).fetchone()
    assert row is not None
    return row[0], row[1]
