"""Insert or update hundreds of rows with one parameter.

Ten thousand parameters cost the driver more time to count than PostgreSQL takes to write the rows.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from souk.kernel.db import TenantBase


def upsert(
    session: Session,
    model: type[TenantBase],
    rows: Sequence[Mapping[str, Any]],
    *,
    key: Sequence[str],
    kept: Collection[str],
    returning: Sequence[str],
) -> Sequence[Row[Any]]:
    """Write `rows`, all with the same columns; where `key` is known the row changes but for the columns in `kept`."""
    table = model.__tablename__
    names = list(rows[0])
    changed = ", ".join(f"{name} = excluded.{name}" for name in names if name not in {*key, *kept})
    # Every name is a column of ours; the values travel as one JSON parameter.
    statement = text(
        f"INSERT INTO {table} ({', '.join(names)})"  # noqa: S608
        f" SELECT {', '.join(names)} FROM jsonb_populate_recordset(NULL::{table}, CAST(:rows AS jsonb))"
        f" ON CONFLICT ({', '.join(key)}) DO UPDATE SET {changed} RETURNING {', '.join(returning)}"
    )
    return session.execute(statement, {"rows": json.dumps(list(rows), default=_plain)}).all()


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no form in JSON; convert it in the importer.")
