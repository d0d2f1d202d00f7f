"""Let a buyer download again: count from zero, or longer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import func, update
from sqlalchemy.orm import Session

from souk.kernel import clock
from souk.orders.downloads.errors import BadExtension, UnknownDownload
from souk.orders.downloads.models import Download
from souk.orders.events import note_event
from souk.orders.locks import lock_order

MOST_DAYS = 3_650


def reset_download(session: Session, order_id: int, download_id: int, actor: str) -> None:
    """Count from zero again; raises UnknownOrder, UnknownDownload."""
    _change(session, order_id, download_id, "download_reset", actor, {"used": 0})


def extend_download(session: Session, order_id: int, download_id: int, days: int, actor: str) -> None:
    """Let it end `days` later, counted from now where it has ended; raises UnknownOrder, UnknownDownload,
    BadExtension.
    """
    if not 0 < days <= MOST_DAYS:
        raise BadExtension(MOST_DAYS)
    until = func.greatest(Download.expires_at, clock.now()) + timedelta(days=days)
    _change(session, order_id, download_id, "download_extended", actor, {"expires_at": until}, days=days)


def _change(  # noqa: PLR0917 - what is written, and what the timeline says
    session: Session, order_id: int, download_id: int, kind: str, actor: str, values: dict[str, Any], **told: int
) -> None:
    lock_order(session, order_id)
    changed = update(Download).where(Download.id == download_id, Download.order_id == order_id).values(**values)
    filename = session.execute(changed.returning(Download.filename)).scalar_one_or_none()
    if filename is None:
        raise UnknownDownload
    note_event(session, order_id, kind, actor, filename=filename, **told)
