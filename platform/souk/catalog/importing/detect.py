"""Find out what a file is by its first bytes, or refuse it with the way to make it readable."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from souk.catalog.importing.errors import FileTooLong, FileUnreadable

MAX_BYTES = 2 * 1024**3
SAMPLE_BYTES = 256 * 1024
_DELIMITERS = ",;\t|"
_CURE = "save it as CSV in UTF-8 and upload that file."
_MAGIC = (
    (b"PK\x03\x04", f"This is an Excel workbook or a ZIP archive; {_CURE}"),
    (b"\xd0\xcf\x11\xe0", f"This is an old Excel workbook; {_CURE}"),
    (b"%PDF", "This is a PDF document; export the products as CSV instead."),
    (b"\x89PNG", "This is a picture; upload a CSV or JSON Lines file of products."),
    (b"\xff\xd8\xff", "This is a picture; upload a CSV or JSON Lines file of products."),
    (b"{\\rtf", f"This is a text document; {_CURE}"),
    (b"\xff\xfe\x00\x00", "The file is in UTF-32; save it in UTF-8."),
    (b"\x00\x00\xfe\xff", "The file is in UTF-32; save it in UTF-8."),
)
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CONTROL = re.compile(r"[\x01-\x08\x0e-\x1f\x7f]")
_MANY_CONTROLS = 0.02
_SEP = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)


@dataclass(slots=True)
class Scan:
    """What passes by while a file is stored: its beginning, its size, and whether all of it is UTF-8."""

    sample: bytes = b""
    size: int = 0
    utf8: bool = True
    beyond_ascii: bool = False
    _decoder: codecs.IncrementalDecoder = field(default_factory=codecs.getincrementaldecoder("utf-8"))

    def watch(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """Pass the chunks on; raises FileTooLong, and FileUnreadable for a file that is refused by its beginning."""
        for chunk in chunks:
            self.size += len(chunk)
            if self.size > MAX_BYTES:
                raise FileTooLong(MAX_BYTES)
            if len(self.sample) < SAMPLE_BYTES:
                self.sample += chunk[: SAMPLE_BYTES - len(self.sample)]
                refuse_known(self.sample)
            self._decode(chunk, final=False)
            yield chunk
        self._decode(b"", final=True)

    def _decode(self, chunk: bytes, *, final: bool) -> None:
        if not self.utf8:
            return
        try:
            text = self._decoder.decode(chunk, final)
        except UnicodeDecodeError as error:
            self.utf8 = False
            self.beyond_ascii = self.beyond_ascii or not chunk[: error.start].isascii()
        else:
            self.beyond_ascii = self.beyond_ascii or not text.isascii()


@dataclass(frozen=True, slots=True)
class Shape:
    """How to read a file's text. `delimiter` is empty for JSON Lines; `skip` lines come before the headings."""

    encoding: str
    delimiter: str
    skip: int = 0

    @property
    def is_json(self) -> bool:
        return not self.delimiter


def refuse_known(sample: bytes) -> None:
    """Raise FileUnreadable for a kind of file that is known by its first bytes and is no text."""
    for magic, sentence in _MAGIC:
        if sample.startswith(magic):
            raise FileUnreadable(sentence)


def detect(scan: Scan) -> Shape:
    """Return how to read the scanned file; raises FileUnreadable."""
    if not scan.sample.strip(b"\xef\xbb\xbf\r\n\t ;,\x00"):
        raise FileUnreadable("The file is empty; export it again.")
    encoding = _encoding(scan)
    text = scan.sample.decode(encoding, "replace").lstrip("\ufeff")
    start = text.lstrip()
    if start[:1] == "<":
        raise FileUnreadable(f"The file is a web page or XML, not a table; {_CURE}")
    if start[:1] == "[":
        raise FileUnreadable("Line 1: this is one JSON array; write one object on each line (JSON Lines).")
    if len(_CONTROL.findall(text)) > len(text) * _MANY_CONTROLS:
        raise FileUnreadable(f"The file is not text; {_CURE}")
    if start[:1] == "{":
        return Shape(encoding, "")
    return _table(text, encoding)


def _encoding(scan: Scan) -> str:
    for bom, name in _BOMS:
        if scan.sample.startswith(bom):
            return name
    sample = scan.sample[: len(scan.sample) // 2 * 2]
    # Every second byte of Latin text in UTF-16 is zero.
    for offset, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        if sample[offset::2].count(0) > len(sample) * 0.3:
            return name
    if scan.utf8 or scan.beyond_ascii:
        return "utf-8"  # a few broken bytes in UTF-8 are refused where they stand
    return "cp1252"


def _table(text: str, encoding: str) -> Shape:
    named = _SEP.match(text)
    if named:
        return Shape(encoding, named[1], skip=1)
    lines = text.splitlines(keepends=True)
    # The last line of the sample may be cut off.
    lines = lines[:-1] if len(lines) > 1 else lines
    best = max(_DELIMITERS, key=lambda mark: _columns(lines, mark))
    return Shape(encoding, best if _columns(lines, best) > 1 else ",")


def _columns(lines: list[str], delimiter: str) -> int:
    """Return how many columns the headings have, 0 where the rows below do not fit."""
    try:
        rows = [row for row in islice(csv.reader(lines, delimiter=delimiter), 6) if row]
    except csv.Error:
        return 0
    if not rows:
        return 0
    return len(rows[0]) if all(len(row) > 1 for row in rows[1:]) or len(rows) == 1 else len(rows[0]) // 2
