"""Stream the rows of a product file and group those of one product."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import BinaryIO, cast

from souk.catalog.importing.errors import FileUnreadable, NotAProductFile

REQUIRED = ("Handle", "Title", "Variant Price")
MAX_FIELD = 1_000_000
_GZIP = b"\x1f\x8b"
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ProductRows:
    """All rows of one handle; `line` counts from 1, the header included."""

    handle: str
    line: int
    rows: Sequence[Row]


class Source:
    """An open file that knows how far it was read, in bytes of the file as it lies on disk."""

    def __init__(self, raw: BinaryIO, size: int, lines: io.TextIOBase) -> None:
        self._raw = raw
        self._lines = lines
        self.size = size

    def position(self) -> int:
        return self._raw.tell()

    def products(self) -> Iterator[ProductRows]:
        """Yield the products in order; raises NotAProductFile, FileUnreadable."""
        try:
            yield from self._grouped()
        except (UnicodeDecodeError, csv.Error, gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise FileUnreadable(str(error)) from error

    def _grouped(self) -> Iterator[ProductRows]:
        csv.field_size_limit(MAX_FIELD)
        reader = csv.DictReader(self._lines, restval="")
        missing = [name for name in REQUIRED if name not in (reader.fieldnames or ())]
        if missing:
            raise NotAProductFile(missing)
        numbered = ((reader.line_num, _clean(row)) for row in reader)
        filled = ((line, row) for line, row in numbered if row.get("Handle"))
        for handle, group in groupby(filled, key=lambda pair: pair[1]["Handle"]):
            rows = list(group)
            yield ProductRows(handle, rows[0][0], [row for _, row in rows])


def _clean(row: Mapping[str | None, object]) -> Row:
    # A row that is longer than the header has its rest under None.
    return {name.strip(): str(value or "").strip() for name, value in row.items() if name is not None}


@contextmanager
def open_source(path: Path) -> Iterator[Source]:
    """Open a plain or gzipped CSV file, told apart by its first bytes."""
    with path.open("rb") as raw:
        zipped = raw.read(2) == _GZIP
        raw.seek(0)
        stream = cast("BinaryIO", gzip.GzipFile(fileobj=raw)) if zipped else raw
        with io.TextIOWrapper(stream, encoding="utf-8-sig", newline="") as lines:
            yield Source(raw, path.stat().st_size, lines)
