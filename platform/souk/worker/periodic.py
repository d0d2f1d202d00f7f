"""Work that is due again and again, such as releasing expired reservations; packages register theirs."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Periodic:
    """`run` takes the pod's name; it opens its own transactions and may run twice at once in two workers."""

    name: str
    every_seconds: float
    run: Callable[[str], object]
    long: bool = False
    due: float = field(default=0.0)


_jobs: dict[str, Periodic] = {}


def register(name: str, every_seconds: float, run: Callable[[str], object], *, long: bool = False) -> None:
    """Run `run(pod_name)` about every `every_seconds`, first at the worker's start.

    `long`: it may take minutes, so that it runs in the process that has the long queue.
    """
    _jobs[name] = Periodic(name, every_seconds, run, long)


def run_due(pod_name: str, *, long: bool = False) -> None:
    """Run what is due and is long, or is not; a job that fails is logged and is due again at its next time."""
    for job in tuple(_jobs.values()):
        now = time.monotonic()
        if job.long is not long or now < job.due:
            continue
        job.due = now + job.every_seconds
        try:
            job.run(pod_name)
        except Exception:  # the others are due all the same
            log.exception("periodic_failed", job=job.name, pod=pod_name)
