"""Read and write a shop's named settings groups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from souk.kernel import clock
from souk.kernel.configuration import configuration, forget_configuration
from souk.kernel.events import Event
from souk.kernel.models import Setting
from souk.kernel.outbox import publish


def read_setting(session: Session, name: str) -> dict[str, Any]:
    """Return the group `name`, empty when it was never written; all groups are read once in each transaction."""
    return dict(configuration(session).settings.get(name, {}))


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
    forget_configuration(session)
    publish(session, Event("settings.updated", 0, {"name": name}))
