"""Where files of media and themes lie: the Protocol, and the local folder."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Protocol

from souk.media.errors import BadStorageKey, MediaMissing

_KEY = re.compile(r"[a-z0-9_-][a-z0-9_.-]*(/[a-z0-9_-][a-z0-9_.-]*)*")
_LONGEST_KEY = 200


class MediaStorage(Protocol):
    """Keeps bytes under keys like `t7/0f3a...`; writing the same key again replaces it as a whole.

    Every method may reach over a network: call none inside a database transaction
    that holds locks others wait for.
    """

    def put(self, key: str, data: bytes, content_type: str) -> None:
        """Store `data`; a reader sees the old bytes or the new ones, never a part."""

    def open(self, key: str) -> BinaryIO:
        """Return a reader, to be closed by the caller; raise MediaMissing for an unknown key."""

    def delete(self, key: str) -> None:
        """Forget the key; deleting an unknown key is no error, so that a repeated clean-up job succeeds."""

    def exists(self, key: str) -> bool:
        """Tell whether the key is stored."""

    def size(self, key: str) -> int:
        """Return the number of bytes; raise MediaMissing for an unknown key."""

    def files(self, beginning: str) -> Iterator[tuple[str, datetime]]:
        """Yield each key with this beginning and when it was last written, in any order; half-written ones are none."""

    def url(self, key: str) -> str:
        """Return an address a browser can load the original from."""

    def upload_form(self, key: str, content_type: str, most_bytes: int) -> tuple[str, Mapping[str, str]] | None:
        """Return address and fields with which a browser may post this one file for ten minutes.

        None where the storage takes no files from strangers: then they are sent to us.
        """

    @property
    def upload_origin(self) -> str:
        """The origin that such forms are sent to, for our own security policy; empty for none."""


def checked_key(key: str) -> str:
    """Return the key, or raise BadStorageKey: a key must never name a path outside the storage."""
    if len(key) > _LONGEST_KEY or not _KEY.fullmatch(key):
        raise BadStorageKey(key)
    return key


class LocalStorage:
    """Keeps files under one folder; good for one machine."""

    def __init__(self, folder: Path, base_url: str = "/media") -> None:
        self._folder = folder
        self._base_url = base_url.rstrip("/")

    def put(self, key: str, data: bytes, content_type: str) -> None:  # noqa: ARG002 - a folder keeps no types
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        fresh.write_bytes(data)
        # A rename is atomic: a reader never meets half a picture, two writers leave one whole file.
        os.replace(fresh, path)  # noqa: PTH105

    def open(self, key: str) -> BinaryIO:
        try:
            return self._path(key).open("rb")
        except (FileNotFoundError, IsADirectoryError) as error:
            raise MediaMissing(key) from error

    def delete(self, key: str) -> None:
        self._path(key).unlink(missing_ok=True)

    def exists(self, key: str) -> bool:
        return self._path(key).is_file()

    def size(self, key: str) -> int:
        try:
            return self._path(key).stat().st_size
        except FileNotFoundError as error:
            raise MediaMissing(key) from error

    def files(self, beginning: str) -> Iterator[tuple[str, datetime]]:
        folder = beginning.rpartition("/")[0]
        top = self._path(folder) if folder else self._folder
        for path in top.rglob("*"):
            key = path.relative_to(self._folder).as_posix()
            if not (key.startswith(beginning) and not path.name.startswith(".")):
                continue
            try:
                if path.is_file():
                    yield key, datetime.fromtimestamp(path.stat().st_mtime, UTC)
            except FileNotFoundError:
                continue  # deleted while we were looking

    def url(self, key: str) -> str:
        return f"{self._base_url}/{checked_key(key)}"

    def upload_form(self, key: str, content_type: str, most_bytes: int) -> tuple[str, Mapping[str, str]] | None:  # noqa: ARG002
        checked_key(key)
        return None

    @property
    def upload_origin(self) -> str:
        return ""

    def _path(self, key: str) -> Path:
        return self._folder / checked_key(key)
