"""Insert and update rows by statements that are compiled once for each table and set of columns."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, bindparam, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from souk.kernel.db import PodBase, TenantBase
from souk.kernel.statement import Statement

_Table = type[TenantBase] | type[PodBase]


def insert_row(session: Session, table: _Table, row: Mapping[str, Any]) -> int:
    """Insert one row and return its id; columns that are left out get the default that Python has for them."""
    return int(_insert_one(table, tuple(row)).scalar(session, **row))


def insert_once(session: Session, table: _Table, row: Mapping[str, Any]) -> bool:
    """Do what `insert_row` does, unless a unique constraint says that the row is there; returns whether it wrote."""
    return _insert_once(table, tuple(row)).run(session, **row) == 1


def update_row(session: Session, table: _Table, row_id: int, values: Mapping[str, Any]) -> None:
    """Set `values` on the row with this id."""
    _update_one(table, tuple(values)).run(session, row_id=row_id, **values)


def insert_rows(session: Session, table: _Table, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Insert `rows` with one statement and return their ids in that order.

    All have the same keys; columns that are left out get the default that the database has for them. The rows
    travel as one JSON document, so that their number does not make another statement.
    """
    if not rows:
        return []
    written = _insert_many(table, tuple(rows[0])).all(session, rows=document(rows))
    return [row.id for row in written]


def document(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return `rows` as JSON; times and decimals become text, which the database reads exactly."""
    return json.dumps([dict(row) for row in rows], default=str)


@lru_cache(maxsize=256)
def _insert_one(table: _Table, columns: tuple[str, ...]) -> Statement[Any]:
    return Statement(insert(table).returning(table.__table__.c.id), columns=columns)


@lru_cache(maxsize=256)
def _insert_once(table: _Table, columns: tuple[str, ...]) -> Statement[Any]:
    return Statement(insert(table).on_conflict_do_nothing(), columns=columns)


@lru_cache(maxsize=256)
def _update_one(table: _Table, columns: tuple[str, ...]) -> Statement[Any]:
    return Statement(update(table).where(table.__table__.c.id == bindparam("row_id")), columns=columns)


@lru_cache(maxsize=256)
def _insert_many(table: _Table, columns: tuple[str, ...]) -> Statement[Any]:
    name, listed = str(table.__table__), ", ".join(columns)
    return Statement(
        text(
            f"INSERT INTO {name} ({listed}) SELECT {listed}"  # noqa: S608 - names of our own tables and columns
            f" FROM jsonb_populate_recordset(NULL::{name}, CAST(:rows AS jsonb)) RETURNING id"
        ).columns(id=BigInteger())
    )
