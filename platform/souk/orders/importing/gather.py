"""Bring the rows of each order together, wherever in the file they stand, with little memory."""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from souk.catalog.importing.errors import RowInvalid
from souk.catalog.importing.lines import Row

_BATCH = 5_000


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
            store.execute("CREATE TABLE rows (number TEXT, line INTEGER, problem TEXT, cells TEXT)")
            _fill(store, rows, fields, number_field)
            yield from _read(store)
        finally:
            store.close()


def _fill(store: sqlite3.Connection, rows: Iterable[Row], fields: Mapping[str, str], number_field: str) -> None:
    batch: list[tuple[str, int, str, str]] = []
    last = ""
    for row in rows:
        values = {field: row.cells[column].strip() for column, field in fields.items() if row.cells.get(column)}
        # Further lines of an order may leave its number out.
        last = values.get(number_field) or last
        batch.append((last, row.line, _problem(row.problem), json.dumps(values, ensure_ascii=True)))
        if len(batch) >= _BATCH:
            store.executemany("INSERT INTO rows VALUES (?, ?, ?, ?)", batch)
            batch.clear()
    store.executemany("INSERT INTO rows VALUES (?, ?, ?, ?)", batch)
    store.commit()


def _problem(problem: RowInvalid | None) -> str:
    return "" if problem is None else str(problem.reason["text"])


def _read(store: sqlite3.Connection) -> Iterator[Gathered]:
    found = store.execute(
        "SELECT rows.number, rows.line, rows.problem, rows.cells FROM rows"
        " JOIN (SELECT number, min(line) AS first FROM rows GROUP BY number) firsts ON firsts.number = rows.number"
        " ORDER BY firsts.first, rows.line"
    )
    for ordinal, (number, group) in enumerate(groupby(found, key=lambda row: str(row[0])), 1):
        yield Gathered(ordinal, number, [Cells(line, json.loads(cells), problem) for _, line, problem, cells in group])
