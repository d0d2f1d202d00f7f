"""A kept page and its form in Redis."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import blake2b

from souk.web.headers import DEFAULTS


@dataclass(frozen=True, slots=True)
class Entry:
    """`headers` are complete: serving a page makes nothing new."""

    body: bytes
    keys: frozenset[str]
    etag: str
    headers: list[tuple[str, str]]

    @property
    def size(self) -> int:
        return len(self.body) + 1_000


def make_entry(body: bytes, keys: frozenset[str]) -> Entry:
    etag = f'"{blake2b(body, digest_size=8).hexdigest()}"'
    headers = [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Length", str(len(body))),
        ("ETag", etag),
        # Browsers ask again each time and get 304; only we know when a page changes.
        ("Cache-Control", "private, no-cache"),
        *DEFAULTS.items(),
        ("X-Souk-Cache", "hit"),
    ]
    return Entry(body, keys, etag, headers)


def packed(entry: Entry) -> bytes:
    return json.dumps(sorted(entry.keys)).encode() + b"\n" + entry.body


def unpacked(blob: bytes) -> Entry:
    head, _, body = blob.partition(b"\n")
    return make_entry(body, frozenset(json.loads(head)))
