"""Take a file of any size in: unpack and store it as it comes, and find out what it is."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from typing import IO, Any

from souk.catalog.importing.detect import Scan, Shape, detect
from souk.catalog.importing.errors import FileUnreadable
from souk.catalog.importing.headings import fingerprint, is_shopify
from souk.catalog.importing.lines import Row, Text, json_columns, read_rows
from souk.media.parts import PartedFile, delete_parts, new_key, open_parts, put_parts
from souk.media.storage import MediaStorage

CHUNK = 1024 * 1024
SAMPLES = 20
SHOWN_SAMPLES = 3
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Upload:
    """A stored file that can be read as a table. `samples` are its first records."""

    filename: str
    file: PartedFile
    shape: Shape
    format: str
    columns: list[str]
    samples: list[dict[str, str]]

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.columns)

    def source(self) -> dict[str, object]:
        """Return what is stored with a job and read by `open_rows`."""
        return {"key": self.file.key, "parts": self.file.parts, **asdict(self.shape)}


def store_upload(storage: MediaStorage, tenant_id: int, stream: IO[bytes], filename: str) -> Upload:
    """Store the file, plain or gzipped, and look at its beginning.

    Raises:
        FileUnreadable, FileTooLong: nothing stays stored.

    """
    scan = Scan()
    key = new_key(tenant_id, "imports")
    try:
        file = put_parts(storage, key, scan.watch(_chunks(stream)))
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise FileUnreadable("The gzip file is damaged or cut off; pack it again, or send it unpacked.") from error
    try:
        return _inspect(storage, file, scan, filename)
    except BaseException:
        delete_parts(storage, key, file.parts)
        raise


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    head = stream.read(CHUNK)
    if head.startswith(_GZIP):
        stream.seek(0)
        with gzip.GzipFile(fileobj=stream) as unpacked:
            while chunk := unpacked.read(CHUNK):
                yield chunk
        return
    while head:
        yield head
        head = stream.read(CHUNK)


def _inspect(storage: MediaStorage, file: PartedFile, scan: Scan, filename: str) -> Upload:
    shape = detect(scan)
    columns, rows = read_rows(Text(open_parts(storage, file.key, file.parts), shape), shape)
    first: list[Row] = list(islice(rows, 200 if shape.is_json else SAMPLES))
    if shape.is_json:
        columns = json_columns(iter(first))
    if not first or not columns:
        raise FileUnreadable("Line 1: there are headings but no products below them; export the file again.")
    native = shape.is_json and any("variants" in (row.document or {}) for row in first)
    kind = "jsonl" if shape.is_json else "shopify" if is_shopify(columns) else "csv"
    samples = [] if native else [{name: row.cells.get(name, "") for name in columns} for row in first[:SAMPLES]]
    return Upload(filename[-200:] or "products", file, shape, kind, columns, samples)


def read_samples(storage: MediaStorage, job: Any) -> list[dict[str, str]]:
    """Return the first records of a job's file, for people who choose what its columns mean."""
    source = job.source
    shape = Shape(source["encoding"], source["delimiter"], source["skip"])
    _, rows = read_rows(Text(open_parts(storage, source["key"], source["parts"]), shape), shape)
    return [dict(row.cells) for row in islice(rows, SHOWN_SAMPLES)]
