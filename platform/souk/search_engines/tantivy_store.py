"""Where the indexes lie: one folder a tenant, one folder below it for each generation, CURRENT names the live one."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tantivy import Index, IndexWriter

from souk.search.engine import Tuning
from souk.search.errors import SearchIndexMissing, SearchUnavailable
from souk.search_engines.tantivy_generation import (
    Generation,
    begun_generation,
    new_generation,
    open_generation,
    writing,
)
from souk.search_engines.tantivy_reader import Reader
from souk.search_engines.tantivy_schema import prepare

# An open index costs file handles and mapped pages; a process serves a few shops at a time.
OPEN_INDEXES = 64
_TENANT_KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


@dataclass(frozen=True, slots=True)
class Opened:
    """A reader with the stamps of the two files whose change makes it old."""

    current: str
    current_stamp: tuple[int, int]
    meta: str
    meta_stamp: tuple[int, int]
    reader: Reader

    def is_fresh(self) -> bool:
        try:
            return _stamp(self.current) == self.current_stamp and _stamp(self.meta) == self.meta_stamp
        except OSError:
            return False


class Store:
    """Readers stat two small files a search; writers hold the tenant's lock, also across processes."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._opened: OrderedDict[str, Opened] = OrderedDict()
        self._lock = threading.Lock()

    def ping(self) -> None:
        try:
            self._root.mkdir(parents=True, exist_ok=True)
            next(self._root.iterdir(), None)
        except OSError as error:
            raise SearchUnavailable(str(error)) from error

    def reader(self, tenant_key: str) -> Reader:
        """Return the tenant's index as it is now; raises SearchIndexMissing and SearchUnavailable."""
        with self._lock:
            opened = self._opened.get(tenant_key)
            if opened is None or not opened.is_fresh():
                opened = self._refreshed(tenant_key, opened)
            self._opened.move_to_end(tenant_key)
            return opened.reader

    def _refreshed(self, tenant_key: str, opened: Opened | None) -> Opened:
        folder = self._folder(tenant_key)
        try:
            found = _opened(folder, opened)
        except FileNotFoundError:
            # A rebuild may have removed the generation between our two looks.
            found = self._reopened(tenant_key, folder)
        except (OSError, ValueError) as error:
            raise SearchUnavailable(str(error)) from error
        self._opened[tenant_key] = found
        while len(self._opened) > OPEN_INDEXES:
            self._opened.popitem(last=False)
        return found

    def _reopened(self, tenant_key: str, folder: Path) -> Opened:
        self._opened.pop(tenant_key, None)
        try:
            return _opened(folder, None)
        except FileNotFoundError:
            # Half of it was lost with a crash of the machine: missing, so that the next change rebuilds it.
            raise SearchIndexMissing(tenant_key) from None
        except (OSError, ValueError) as error:
            raise SearchUnavailable(str(error)) from error

    @contextmanager
    def locked(self, tenant_key: str, name: str = "LOCK") -> Iterator[None]:
        """Keep every other writer of this tenant out, also those of other processes."""
        folder = self._folder(tenant_key)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            lock = (folder / name).open("w")
        except OSError as error:
            raise SearchUnavailable(str(error)) from error
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    @contextmanager
    def writer(self, tenant_key: str) -> Iterator[IndexWriter]:
        """Write into the live generation, to be used inside `locked`; commits at the end of the block."""
        folder = self._folder(tenant_key) / self._generation(tenant_key)
        try:
            index = prepare(Index.open(str(folder)))
        except (OSError, ValueError) as error:
            raise SearchUnavailable(str(error)) from error
        with writing(index) as writer:
            yield writer

    @contextmanager
    def next_generation(self, tenant_key: str, tuning: Tuning, recipe: str = "") -> Iterator[Generation]:
        """Make a new generation the live one at the end of the block; when it raises, the old one stays.

        Others write into the live one meanwhile: only two rebuilds wait for each other, and a writer for the swap.
        What a block with a `recipe` has committed is kept for the next one of that recipe, unless it was complete.
        """
        with self.locked(tenant_key, "REBUILD"):
            folder = self._folder(tenant_key)
            generation = begun_generation(folder, recipe) or new_generation(folder, tuning, recipe)
            try:
                yield generation
            except BaseException:
                if not generation.is_kept:
                    shutil.rmtree(generation.folder, ignore_errors=True)
                raise
            self._swap_in(tenant_key, folder, generation.folder.name)

    def begun(self, tenant_key: str, recipe: str) -> Generation | None:
        return begun_generation(self._folder(tenant_key), recipe)

    def _swap_in(self, tenant_key: str, folder: Path, generation: str) -> None:
        fresh = folder / f"CURRENT.{generation}"
        fresh.write_text(generation)
        with self.locked(tenant_key):
            fresh.replace(folder / "CURRENT")
            self._sweep(folder, keep=generation)

    def drop(self, tenant_key: str) -> None:
        """Remove the index; the lock file stays, because another writer may be waiting at it."""
        folder = self._folder(tenant_key)
        (folder / "CURRENT").unlink(missing_ok=True)
        self._sweep(folder, keep="")

    def exists(self, tenant_key: str) -> bool:
        return (self._folder(tenant_key) / "CURRENT").exists()

    def _generation(self, tenant_key: str) -> str:
        try:
            return (self._folder(tenant_key) / "CURRENT").read_text()
        except FileNotFoundError:
            raise SearchIndexMissing(tenant_key) from None

    def _folder(self, tenant_key: str) -> Path:
        if not _TENANT_KEY.fullmatch(tenant_key):
            raise SearchIndexMissing(repr(tenant_key[:64]))
        return self._root / tenant_key

    @staticmethod
    def _sweep(folder: Path, keep: str) -> None:
        for old in folder.glob("g_*"):
            if old.name != keep:
                # Open readers keep their mapped files; only the names go.
                shutil.rmtree(old, ignore_errors=True)


def _opened(folder: Path, older: Opened | None) -> Opened:
    """Open the live generation below `folder`; raises FileNotFoundError when there is none."""
    # Both stamps before reading the segments: a change in between is then seen again, never missed.
    current, stamp = str(folder / "CURRENT"), _stamp(str(folder / "CURRENT"))
    generation = folder / Path(current).read_text()
    meta = str(generation / "meta.json")
    meta_stamp = _stamp(meta)
    same = older is not None and older.reader.generation == generation.name
    reader = open_generation(generation, older.reader if older is not None and same else None)
    return Opened(current, stamp, meta, meta_stamp, reader)


def _stamp(path: str) -> tuple[int, int]:
    found = os.stat(path)  # noqa: PTH116 - twice a search, and Path costs five times as much
    return found.st_mtime_ns, found.st_ino
