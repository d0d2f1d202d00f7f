"""An index that is being built beside the live one, and what a killed build leaves to go on with."""

from __future__ import annotations

import json
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from tantivy import Index, IndexWriter, Query

from souk.search.engine import ProductDocument, Tuning
from souk.search_engines.tantivy_reader import Reader
from souk.search_engines.tantivy_schema import prepare, schema, to_tantivy

# The least that Tantivy takes for one writing thread.
WRITER_BYTES = 15_000_000
# A rebuild takes more, for the sake of the searches: each time the memory is full it starts another segment, and
# every search visits all of them.
REBUILD_BYTES = 120_000_000
# So many documents are kept at once for a build to go on with: each time costs the searches a segment as well.
KEPT_AFTER = 10_000
# Products that change meanwhile are mended at the end by their versions; what is older is not worth it.
KEPT_SECONDS = 3_600
TUNING, BUILDING = "TUNING.json", "BUILDING"


@dataclass(frozen=True, slots=True)
class Generation:
    """`last` is the highest id and `count` the number of the documents that it holds from before."""

    folder: Path
    last: int = 0
    count: int = 0

    def fill(self, batches: Iterable[Sequence[ProductDocument]]) -> int:
        """Write what is not there yet and return the number of all documents; nothing of it is begun any more."""
        count, kept = self.count, self.count
        with writing(prepare(Index(schema(), str(self.folder))), REBUILD_BYTES) as writer:
            for batch in batches:
                for document in batch:
                    if document.id > self.last:
                        writer.add_document(to_tantivy(document))
                        count += 1
                if self.is_kept and count - kept >= KEPT_AFTER:
                    writer.commit()
                    kept = count
        # From here on it is complete: what is refused now must not be gone on with.
        (self.folder / BUILDING).unlink(missing_ok=True)
        return count

    @property
    def is_kept(self) -> bool:
        return (self.folder / BUILDING).exists()

    def reader(self) -> Reader:
        return open_generation(self.folder, None)


def new_generation(folder: Path, tuning: Tuning, recipe: str) -> Generation:
    """Make an empty one below `folder`; with a recipe it may be gone on with."""
    made = folder / f"g_{secrets.token_hex(6)}"
    made.mkdir()
    (made / TUNING).write_text(json.dumps(asdict(tuning)))
    if recipe:
        (made / BUILDING).write_text(recipe)
    return Generation(made)


def begun_generation(folder: Path, recipe: str) -> Generation | None:
    """Return the build of this recipe that was broken off within the hour, with what it had kept."""
    for mark in folder.glob(f"g_*/{BUILDING}") if recipe else ():
        try:
            if mark.read_text() == recipe and time.time() - mark.stat().st_mtime < KEPT_SECONDS:
                return _held(mark.parent)
        except (OSError, ValueError):
            # Killed before its first commit, or written by a version with other fields: begun anew.
            shutil.rmtree(mark.parent, ignore_errors=True)
    return None


def _held(folder: Path) -> Generation:
    index = prepare(Index(schema(), str(folder)))
    searcher = index.searcher()
    if not searcher.num_docs:
        return Generation(folder)
    last = searcher.aggregate(Query.all_query(), {"last": {"max": {"field": "id"}}})["last"]["value"]
    return Generation(folder, int(last), searcher.num_docs)


def open_generation(folder: Path, older: Reader | None) -> Reader:
    """Read a generation as it is now; `older` is the reader of its state before."""
    if older is None:
        index, tuning = prepare(Index.open(str(folder))), _tuning(folder)
        index.config_reader("manual")
    else:
        index, tuning = older.index, older.tuning
    index.reload()
    return Reader(folder.name, index, index.searcher(), tuning, older=older.words_read if older else None)


def _tuning(folder: Path) -> Tuning:
    raw = json.loads((folder / TUNING).read_text())
    return Tuning(tuple(tuple(group) for group in raw["synonyms"]), tuple(raw["stop_words"]))


@contextmanager
def writing(index: Index, memory: int = WRITER_BYTES) -> Iterator[IndexWriter]:
    """Commit at the end of the block; what raises is taken back to the last commit."""
    writer = index.writer(memory, 1)
    try:
        yield writer
        writer.commit()
    except BaseException:
        writer.rollback()
        raise
    finally:
        # Without this the writer's own lock lives as long as its merging threads.
        writer.wait_merging_threads()
