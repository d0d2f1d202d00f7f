"""Read and write a shop's named settings groups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from souk.kernel import clock
from souk.kernel.events import Event
from souk.kernel.models import Setting
from souk.kernel.outbox import publish

_CACHE = "settings"
_ALL = select(Setting.name, Setting.value)


def read_setting(session: Session, name: str) -> dict[str, Any]:
    """Return the group `name`, empty when it was never written; all groups are read once in each transaction."""
    if _CACHE not in session.info:
        session.info[_CACHE] = {row.name: row.value for row in session.execute(_ALL)}
    groups: dict[str, dict[str, Any]] = session.info[_CACHE]
    return dict(groups.get(name, {}))


def write_setting(session: Session, name: str, value: Mapping[str, Any]) -> None:
    """Replace the group `name` and tell the caches."""
    row = insert(Setting).values(name=name, value=dict(value), updated_at=clock.now())
    session.execute(
        row.on_conflict_do_update(
            index_elements=[Setting.name],
            set_={
                "value": row.excluded.value,
                "version": Setting.version + 1,
                "updated_at": row.excluded.updated_at,
            },
        )
    )
    session.info.pop(_CACHE, None)
    publish(session, Event("settings.updated", 0, {"name": name}))
