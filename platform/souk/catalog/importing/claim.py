"""Let one process at a time run a job, and another one take over when that process is dead."""

from __future__ import annotations

import os
import secrets
import socket
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, update
from sqlalchemy.orm import Session

from souk.catalog.importing.errors import RunnerLost
from souk.catalog.importing.jobs import RUNNING, read_import
from souk.catalog.importing.models import ImportJob
from souk.kernel import clock

LEASE = timedelta(seconds=30)


def new_runner() -> str:
    """Return the name of a run of this process: host, process and a number of its own."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


def claim(session: Session, job_id: int, runner: str) -> Row[Any]:
    """Become the runner of a job that waits, or whose runner is dead; raises ImportMissing, RunnerLost."""
    job = read_import(session, job_id, lock=True)
    if job.status not in RUNNING or (job.runner and alive(job.runner, job.heartbeat_at)):
        raise RunnerLost(job_id)
    values = {"runner": runner, "heartbeat_at": clock.now()}
    session.execute(update(ImportJob).where(ImportJob.id == job_id).values(**values))
    return job


def hold(session: Session, job_id: int, runner: str, status: str) -> Row[Any]:
    """Lock the job for one batch; raises RunnerLost when it was stopped or taken over.

    The lock makes the batch and its place in the file one: a process that was believed dead can write nothing more.
    """
    job = read_import(session, job_id, lock=True)
    if job.runner != runner or job.status != status:
        raise RunnerLost(job_id)
    return job


def alive(runner: str, heartbeat_at: Any) -> bool:
    """Tell whether a runner may still write: it gave a sign lately, and is not a dead process of this machine."""
    host, _, rest = runner.partition(":")
    number = rest.partition(":")[0]
    if host == socket.gethostname() and number.isdecimal() and not _exists(int(number)):
        return False
    return heartbeat_at is not None and clock.now() - heartbeat_at < LEASE


def _exists(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
