"""Where the indexes lie: one folder a tenant, one folder below it for each generation, CURRENT names the live one."""

from __future__ import annotations

import fcntl
import re
import secrets
import shutil
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tantivy import Index, IndexWriter, Searcher

from souk.search.errors import SearchIndexMissing, SearchUnavailable
from souk.search_engines.tantivy_schema import prepare, schema

# An open index costs file handles and mapped pages; a process serves a few shops at a time.
OPEN_INDEXES = 64
# The least that Tantivy takes for one writing thread.
WRITER_BYTES = 15_000_000
_TENANT_KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


@dataclass(slots=True)
class Reader:
    """One tenant's open index; `vocabulary` is filled at the first misspelt word."""

    generation: str
    changed_at: int
    index: Index
    searcher: Searcher
    vocabulary: tuple[tuple[str, int], ...] = field(default=())


class Store:
    """Readers stat two small files a search; writers hold the tenant's lock, also across processes."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._readers: OrderedDict[str, Reader] = OrderedDict()
        self._lock = threading.Lock()

    def ping(self) -> None:
        try:
            self._root.mkdir(parents=True, exist_ok=True)
            next(self._root.iterdir(), None)
        except OSError as error:
            raise SearchUnavailable(str(error)) from error

    def reader(self, tenant_key: str) -> Reader:
        """Return the tenant's index as it is now; raises SearchIndexMissing and SearchUnavailable."""
        folder = self._folder(tenant_key)
        with self._lock:
            try:
                found = self._fresh(tenant_key, folder)
            except FileNotFoundError:
                # A rebuild may have removed the generation between our two looks.
                found = self._reopened(tenant_key, folder)
            except (OSError, ValueError) as error:
                raise SearchUnavailable(str(error)) from error
            self._readers.move_to_end(tenant_key)
            while len(self._readers) > OPEN_INDEXES:
                self._readers.popitem(last=False)
            return found

    def _reopened(self, tenant_key: str, folder: Path) -> Reader:
        self._readers.pop(tenant_key, None)
        try:
            return self._fresh(tenant_key, folder)
        except FileNotFoundError:
            # Half of it was lost with a crash of the machine: missing, so that the next change rebuilds it.
            raise SearchIndexMissing(tenant_key) from None
        except (OSError, ValueError) as error:
            raise SearchUnavailable(str(error)) from error

    def _fresh(self, tenant_key: str, folder: Path) -> Reader:
        generation = self._generation(tenant_key)
        # Before reading the segments: a commit in between is then seen again, never missed.
        changed_at = (folder / generation / "meta.json").stat().st_mtime_ns
        reader = self._readers.get(tenant_key)
        if reader is None or reader.generation != generation:
            index = prepare(Index.open(str(folder / generation)))
            index.config_reader("manual")
        elif reader.changed_at != changed_at:
            index = reader.index
        else:
            return reader
        index.reload()
        self._readers[tenant_key] = Reader(generation, changed_at, index, index.searcher())
        return self._readers[tenant_key]

    @contextmanager
    def locked(self, tenant_key: str) -> Iterator[None]:
        """Keep every other writer of this tenant out; a rebuild holds it to its end, so that no change is lost."""
        folder = self._folder(tenant_key)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            lock = (folder / "LOCK").open("w")
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
        with _writing(index) as writer:
            yield writer

    @contextmanager
    def next_generation(self, tenant_key: str) -> Iterator[IndexWriter]:
        """Write a new generation and make it the live one; when the block raises, the old one stays."""
        folder = self._folder(tenant_key)
        generation = f"g_{secrets.token_hex(6)}"
        (folder / generation).mkdir()
        try:
            with _writing(prepare(Index(schema(), str(folder / generation)))) as writer:
                yield writer
        except BaseException:
            shutil.rmtree(folder / generation, ignore_errors=True)
            raise
        fresh = folder / f"CURRENT.{generation}"
        fresh.write_text(generation)
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


@contextmanager
def _writing(index: Index) -> Iterator[IndexWriter]:
    writer = index.writer(WRITER_BYTES, 1)
    try:
        yield writer
        writer.commit()
    except BaseException:
        writer.rollback()
        raise
    finally:
        # Without this the writer's own lock lives as long as its merging threads.
        writer.wait_merging_threads()
