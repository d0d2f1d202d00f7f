"""Read a stored file line by line, never more than one line at once, whatever it is."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from souk.catalog.importing.detect import Shape
from souk.catalog.importing.errors import FileUnreadable, RowInvalid
from souk.media.parts import PartReader

MAX_LINE = 2_000_000
MAX_CELL = 1_000_000
MAX_COLUMNS = 500
# NUL, which PostgreSQL cannot store, and what a byte that is no UTF-8 was decoded to.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one record by their headings. `problem` says why it cannot be read at all."""

    line: int
    last_line: int
    cells: Mapping[str, str]
    document: Mapping[str, Any] | None = None
    problem: RowInvalid | None = None


class Text:
    """The decoded text of a file, with the number of the line that was read last."""

    def __init__(self, reader: PartReader, shape: Shape) -> None:
        self._reader = reader
        buffered = io.BufferedReader(reader, 65_536)
        errors = "surrogateescape" if shape.encoding.startswith("utf-8") else "replace"
        self._text = io.TextIOWrapper(buffered, encoding=shape.encoding, errors=errors, newline="")
        self.number = 0

    @property
    def bytes_read(self) -> int:
        return self._reader.position

    def __iter__(self) -> Iterator[str]:
        while line := self._text.readline(MAX_LINE):
            self.number += 1
            if len(line) >= MAX_LINE:
                raise FileUnreadable(
                    f"it has more than {MAX_LINE:,} characters; end each row with a line break.", self.number
                )
            yield line.lstrip("\ufeff") if self.number == 1 else line


def read_rows(text: Text, shape: Shape) -> tuple[list[str], Iterator[Row]]:
    """Return the headings and the rows; headings of JSON Lines are found by `json_columns` and empty here."""
    if shape.is_json:
        return [], _json_rows(text)
    return _csv_rows(text, shape)


def _csv_rows(text: Text, shape: Shape) -> tuple[list[str], Iterator[Row]]:
    csv.field_size_limit(MAX_CELL)
    lines = iter(text)
    for _ in range(shape.skip):
        next(lines, "")
    reader = csv.reader(lines, delimiter=shape.delimiter, strict=True)
    try:
        headings = next((row for row in reader if any(cell.strip() for cell in row)), [])
    except csv.Error as error:
        raise _broken(error, 1) from error
    columns = check_headings(headings, text.number)
    return columns, _table_rows(reader, text, columns)


def check_headings(headings: list[str], line: int) -> list[str]:
    """Return the headings, trimmed; nameless columns are called by their place. Raises FileUnreadable."""
    columns = [heading.strip() or f"Column {number}" for number, heading in enumerate(headings, 1)]
    if len(columns) > MAX_COLUMNS:
        raise FileUnreadable(f"the file has {len(columns):,} columns; keep at most {MAX_COLUMNS}.", line)
    seen: dict[str, int] = {}
    for number, column in enumerate(columns, 1):
        if UNSTORABLE.search(column):
            raise FileUnreadable(f"the heading of column {number} has a broken character; save it as UTF-8.", line)
        if column in seen:
            raise FileUnreadable(
                f"columns {seen[column]} and {number} are both called “{column[:_SHOWN]}”; rename or delete one.", line
            )
        seen[column] = number
    return columns


def _table_rows(reader: Any, text: Text, columns: list[str]) -> Iterator[Row]:
    while True:
        line = text.number + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "delimiter" not in str(error) and "expected after" not in str(error):
                raise _broken(error, line) from error
            reason = "a quotation mark stands inside a quoted cell; write it twice, or remove it."
            yield Row(line, text.number, {}, problem=RowInvalid(line, "", reason))
            continue
        if any(cells):
            yield _row(cells, columns, line, text.number)


def _row(cells: list[str], columns: list[str], line: int, last: int) -> Row:
    surplus = [cell for cell in cells[len(columns) :] if cell.strip()]
    if surplus:
        reason = (
            f"the row has {len(cells)} cells and the headings {len(columns)}; put quotation marks around a text"
            f" that contains the separator (the surplus begins with “{surplus[0][:_SHOWN]}”)."
        )
        return Row(line, last, {}, problem=RowInvalid(line, "", reason))
    padded = cells + [""] * (len(columns) - len(cells))
    return Row(line, last, dict(zip(columns, padded, strict=False)))


def _broken(error: csv.Error, line: int) -> FileUnreadable:
    if "field larger" in str(error):
        reason = f"a cell has more than {MAX_CELL:,} characters; a quotation mark is probably never closed."
    elif "end of data" in str(error):
        reason = "the quoted cell that begins here has no end; close its quotation mark."
    else:
        reason = f"the row cannot be read ({error}); save the file as CSV in UTF-8."
    return FileUnreadable(reason, line)


def _json_rows(text: Text) -> Iterator[Row]:
    for raw in text:
        if not raw.strip():
            continue
        try:
            document = json.loads(raw)
        except ValueError as error:
            reason = f"this is no JSON object ({error}); write one object on each line."
            yield Row(text.number, text.number, {}, problem=RowInvalid(text.number, "", reason))
            continue
        except RecursionError:
            reason = "the JSON is nested too deeply; write flat objects."
            yield Row(text.number, text.number, {}, problem=RowInvalid(text.number, "", reason))
            continue
        if not isinstance(document, dict):
            problem = RowInvalid(text.number, "", "this is JSON, but no object; write {…} on each line.")
            yield Row(text.number, text.number, {}, problem=problem)
            continue
        yield Row(text.number, text.number, flatten(document), document)


def flatten(document: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """Return the object as cells: inner objects by dotted names, lists of values joined by commas."""
    cells: dict[str, str] = {}
    for name, value in document.items():
        if isinstance(value, dict):
            cells |= flatten(value, f"{prefix}{name}.")
        elif isinstance(value, list):
            cells[prefix + name] = ", ".join(_plain(each) for each in value if not isinstance(each, dict | list))
        else:
            cells[prefix + name] = _plain(value)
    return cells


def _plain(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def json_columns(rows: Iterator[Row], limit: int = 200) -> list[str]:
    """Return the names in the first `limit` objects, the most frequent first among equals as they come."""
    counts: dict[str, int] = {}
    for _, row in zip(range(limit), rows, strict=False):
        for name in row.cells:
            counts[name] = counts.get(name, 0) + 1
    return sorted(counts, key=lambda name: -counts[name])[:MAX_COLUMNS]
