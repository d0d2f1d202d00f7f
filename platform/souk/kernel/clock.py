"""The one clock: UTC and aware, and frozen by tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_frozen: ContextVar[datetime | None] = ContextVar("frozen_clock", default=None)


def now() -> datetime:
    """Return the current moment, timezone-aware in UTC."""
    return _frozen.get() or datetime.now(UTC)


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """Hold the clock at `at` in this context; `at` must be timezone-aware."""
    if at.tzinfo is None:
        raise ValueError("freeze the clock at an aware datetime, for example datetime(2027, 1, 1, tzinfo=UTC)")
    token = _frozen.set(at.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)
