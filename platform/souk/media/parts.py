"""Keep a file of any size in the storage as parts, so that neither writing nor reading holds it in memory.

Such files are private: their keys stand apart from those of pictures, which every shopper may load.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from souk.kernel.tokens import new_token
from souk.media.storage import MediaStorage

PART_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class PartedFile:
    """`key` is the folder of the parts 00001, 00002 ..."""

    key: str
    parts: int
    size: int


def new_key(tenant_id: int, kind: str) -> str:
    """Return a folder that nobody can guess, such as files/t7/imports/3f9a."""
    return f"files/t{tenant_id}/{kind}/{new_token().lower().replace('_', '0').replace('-', '0')[:32]}"


def put_parts(storage: MediaStorage, key: str, chunks: Iterable[bytes]) -> PartedFile:
    """Store the chunks as they come, at least 4 MB a part; on an error nothing stays behind."""
    parts = size = 0
    pending = bytearray()
    try:
        for chunk in chunks:
            pending += chunk
            if len(pending) >= PART_BYTES:
                parts += 1
                storage.put(part_key(key, parts), bytes(pending), "application/octet-stream")
                size += len(pending)
                pending.clear()
        if pending:
            parts += 1
            storage.put(part_key(key, parts), bytes(pending), "application/octet-stream")
    except BaseException:
        delete_parts(storage, key, parts)
        raise
    return PartedFile(key, parts, size + len(pending))


def delete_parts(storage: MediaStorage, key: str, parts: int) -> None:
    for number in range(1, parts + 1):
        storage.delete(part_key(key, number))


def part_key(key: str, number: int) -> str:
    return f"{key}/{number:05d}"


class PartReader(io.RawIOBase):
    """Read the parts one after the other; `position` counts the bytes handed out."""

    def __init__(self, read_part: Callable[[int], bytes], parts: int) -> None:
        self._read_part = read_part
        self._parts = parts
        self._next = 1
        self._rest = memoryview(b"")
        self.position = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # wider in typeshed
        if not self._rest and self._next <= self._parts:
            self._rest = memoryview(self._read_part(self._next))
            self._next += 1
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        self.position += count
        return count


def open_parts(storage: MediaStorage, key: str, parts: int) -> PartReader:
    """Return a reader of the whole file; reading raises MediaMissing when a part is gone."""

    def read_part(number: int) -> bytes:
        with storage.open(part_key(key, number)) as reader:
            return reader.read()

    return PartReader(read_part, parts)
