"""Bring the rows of each order together, wherever in the file they stand, with little memory."""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from souk.catalog.importing.errors import RowInvalid
from souk.catalog.importing.lines import Row

_BATCH = 5_000
_INSERT = "INSERT INTO rows VALUES (?, ?, ?, ?, ?)"


@dataclass(frozen=True, slots=True)
class Cells:
    """One row with its fields by our names. `problem` says why it cannot be read at all."""

    line: int
    values: Mapping[str, str]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Gathered:
    """All rows of one order; `ordinal` counts the orders of the file from 1, in the order of their first rows."""

    ordinal: int
    number: str
    rows: Sequence[Cells]


def gather(rows: Iterable[Row], fields: Mapping[str, str], number_field: str) -> Iterator[Gathered]:
    """Yield the orders of a file. Programs write the rows of an order mostly, but not always, side by side:
    the rows lie in a file of their own until all are read.
    """
    with tempfile.TemporaryDirectory(prefix="souk-orders-") as folder:
        store = sqlite3.connect(Path(folder) / "rows.db")
        try:
            store.execute("PRAGMA synchronous = OFF")
            # Kept in the order in which they are read again: sorting half a million rows would take most of a minute.
            store.execute(
                "CREATE TABLE rows (ordinal INTEGER, line INTEGER, number TEXT, problem TEXT, cells TEXT,"
                " PRIMARY KEY (ordinal, line)) WITHOUT ROWID"
            )
            _fill(store, rows, fields, number_field)
            yield from _read(store)
        finally:
            store.close()


def _fill(store: sqlite3.Connection, rows: Iterable[Row], fields: Mapping[str, str], number_field: str) -> None:
    batch: list[tuple[int, int, str, str, str]] = []
    ordinals: dict[str, int] = {}
    last = ""
    for row in rows:
        values = {field: row.cells[column].strip() for column, field in fields.items() if row.cells.get(column)}
        # Further lines of an order may leave its number out.
        last = values.get(number_field) or last
        ordinal = ordinals.setdefault(last, len(ordinals) + 1)
        batch.append((ordinal, row.line, last, _problem(row.problem), json.dumps(values, ensure_ascii=True)))
        if len(batch) >= _BATCH:
            store.executemany(_INSERT, batch)
            batch.clear()
    store.executemany(_INSERT, batch)
    store.commit()


def _problem(problem: RowInvalid | None) -> str:
    return "" if problem is None else str(problem.reason["text"])


def _read(store: sqlite3.Connection) -> Iterator[Gathered]:
    found = store.execute("SELECT ordinal, number, line, problem, cells FROM rows ORDER BY ordinal, line")
    for (ordinal, number), group in groupby(found, key=itemgetter(0, 1)):
        rows = [Cells(line, json.loads(cells), problem) for _, _, line, problem, cells in group]
        yield Gathered(ordinal, number, rows)
