"""What a shop has configured: its settings groups and plugins, read once in each transaction.

Nearly every transaction of a shop needs them, so they can come with its BEGIN (`transaction(..., configured=True)`):
no message of their own, no cache that could be out of date.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import psycopg
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session
from sqlalchemy.types import Boolean, Text

from souk.kernel.statement import Statement

SQL = "SELECT name, value, NULL::boolean FROM settings UNION ALL SELECT plugin_id, settings, enabled FROM plugin_states"
_KNOWN = "configuration"
_SENT = "configuration_sent"
_READ = Statement[Any](text(SQL).columns(name=Text(), value=JSONB(), enabled=Boolean()), into=lambda *row: row)


@dataclass(frozen=True, slots=True)
class Configuration:
    """`settings` by group; `plugins` maps plugin id to (enabled, settings)."""

    settings: Mapping[str, dict[str, Any]]
    plugins: Mapping[str, tuple[bool, dict[str, Any]]]


def keep_sent(session: Session, cursor: psycopg.Cursor[Any]) -> None:
    """Keep the answer that came with BEGIN; it is decoded when somebody asks."""
    session.info[_SENT] = cursor


def configuration(session: Session) -> Configuration:
    """Return what the shop of a session has configured."""
    known: Configuration | None = session.info.get(_KNOWN)
    if known is None:
        sent = session.info.pop(_SENT, None)
        rows = _READ.all(session) if sent is None else sent.set_result(-1).fetchall()
        known = session.info[_KNOWN] = Configuration(
            {name: value for name, value, enabled in rows if enabled is None},
            {name: (enabled, value) for name, value, enabled in rows if enabled is not None},
        )
    return known


def forget_configuration(session: Session) -> None:
    """Let the next reader of this transaction see what it has changed itself."""
    session.info.pop(_KNOWN, None)
    session.info.pop(_SENT, None)
