"""Measure where buyers wait for each other at one stock level, so that it is sold by units while that lasts."""

from __future__ import annotations

import time

from sqlalchemy.orm import Session

from souk.kernel.db import scope_of
from souk.kernel.events import Event
from souk.kernel.outbox import publish

# An update that nobody else holds up takes about a millisecond.
CONTENDED_SECONDS = 0.05
# A crowd waits a hundred times a second: one word of it in this time is enough, for each process.
QUIET_SECONDS = 5.0

_told: dict[tuple[int, int], float] = {}


def note_wait(session: Session, variant_id: int, level_id: int, seconds: float) -> None:
    """Publish `inventory.contended` when a sale waited this long for the level's row."""
    if seconds < CONTENDED_SECONDS:
        return
    now, key = time.monotonic(), (scope_of(session).tenant_id, level_id)
    if now - _told.get(key, -QUIET_SECONDS) < QUIET_SECONDS:
        return
    if len(_told) >= 1_000:  # noqa: PLR2004 - old entries are worth nothing
        _told.clear()
    _told[key] = now
    publish(session, Event("inventory.contended", variant_id, {"level_id": level_id}))
