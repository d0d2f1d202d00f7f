"""Two engines over one folder stand for two processes: all they share is files."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from souk.search.engine import ProductDocument, SearchQuery, Tuning
from souk.search.errors import SearchIndexMissing, SearchUnavailable
from souk.search_engines import tantivy_generation
from souk.search_engines.tantivy_engine import TantivyEngine
from souk.search_engines.tantivy_spelling import distance
from souk.search_engines.tantivy_store import Store
from tests.search.catalog import CATALOG, KETTLE, LAMP


def test_a_reader_sees_what_another_process_writes(tmp_path: Path) -> None:
    web, worker = TantivyEngine(tmp_path), TantivyEngine(tmp_path)
    worker.rebuild("s_1", [CATALOG])
    assert web.search("s_1", SearchQuery(text="kettle")).total == 3

    worker.index("s_1", [replace(CATALOG[0], version=2, title="Samovar", description="")])
    worker.remove("s_1", [CATALOG[1].id])

    assert web.search("s_1", SearchQuery(text="samovar")).ids == (KETTLE,)
    assert web.search("s_1", SearchQuery()).total == 5
    worker.rebuild("s_1", [CATALOG[:1]])
    assert web.search("s_1", SearchQuery()).total == 1
    worker.drop("s_1")
    with pytest.raises(SearchIndexMissing):
        web.search("s_1", SearchQuery())


def test_words_that_mean_something_together_are_not_corrected_one_by_one(tmp_path: Path) -> None:
    engine = TantivyEngine(tmp_path)
    engine.rebuild("s_1", [CATALOG], Tuning(synonyms=(("desk kettel", "desk lamp"),)))

    assert engine.search("s_1", SearchQuery(text="desk kettel")).ids == (LAMP,)
    assert engine.search("s_1", SearchQuery(text="kettel")).ids[0] == KETTLE


def test_a_change_does_not_wait_for_a_rebuild(tmp_path: Path) -> None:
    engine, other = TantivyEngine(tmp_path), TantivyEngine(tmp_path)
    engine.rebuild("s_1", [CATALOG])
    newer = replace(CATALOG[0], version=2, title="Samovar")

    def batches() -> Iterator[Sequence[ProductDocument]]:
        # In this very thread: a lock that the rebuild held would never be free.
        other.index("s_1", [newer])
        assert engine.search("s_1", SearchQuery(text="samovar")).ids == (KETTLE,)
        yield CATALOG

    engine.rebuild("s_1", batches())

    assert engine.versions("s_1", KETTLE, KETTLE) == {KETTLE: CATALOG[0].version}


def test_two_rebuilds_wait_for_each_other(tmp_path: Path) -> None:
    engine, other = TantivyEngine(tmp_path), TantivyEngine(tmp_path)
    second = threading.Thread(target=other.rebuild, args=("s_1", [CATALOG[:1]]))

    def batches() -> Iterator[Sequence[ProductDocument]]:
        second.start()
        second.join(0.2)
        assert second.is_alive()
        yield CATALOG

    engine.rebuild("s_1", batches())
    second.join(10)

    assert engine.search("s_1", SearchQuery()).total == 1


def test_a_writer_waits_for_the_lock_of_its_tenant_only(tmp_path: Path) -> None:
    engine, store = TantivyEngine(tmp_path), Store(tmp_path)
    for tenant in ("s_1", "s_2"):
        engine.rebuild(tenant, [CATALOG])
    removal = threading.Thread(target=engine.remove, args=("s_1", [KETTLE]))

    with store.locked("s_1"):
        removal.start()
        engine.remove("s_2", [KETTLE])
        assert engine.search("s_2", SearchQuery()).total == 5
        assert engine.search("s_1", SearchQuery()).total == 6
    removal.join(10)

    assert engine.search("s_1", SearchQuery()).total == 5


def test_old_generations_are_removed(tmp_path: Path) -> None:
    engine = TantivyEngine(tmp_path)

    for _ in range(3):
        engine.rebuild("s_1", [CATALOG])

    assert len(list((tmp_path / "s_1").glob("g_*"))) == 1


@pytest.mark.parametrize("key", ["../s_2", "", "S_1", "a/b", "s_1\n"])
def test_a_key_cannot_leave_the_folder(tmp_path: Path, key: str) -> None:
    with pytest.raises(SearchIndexMissing):
        TantivyEngine(tmp_path).search(key, SearchQuery())

    assert list(tmp_path.iterdir()) == []


def test_a_damaged_index_is_unavailable_until_it_is_rebuilt(tmp_path: Path) -> None:
    TantivyEngine(tmp_path).rebuild("s_1", [CATALOG])
    (generation,) = (tmp_path / "s_1").glob("g_*")
    (generation / "meta.json").write_text("{")
    engine = TantivyEngine(tmp_path)

    for call in (
        lambda: engine.search("s_1", SearchQuery()),
        lambda: engine.index("s_1", CATALOG),
        lambda: engine.remove("s_1", [KETTLE]),
    ):
        with pytest.raises(SearchUnavailable) as raised:
            call()
        assert not isinstance(raised.value, SearchIndexMissing)

    engine.rebuild("s_1", [CATALOG])
    assert engine.search("s_1", SearchQuery()).total == 6


@pytest.mark.parametrize("current", ["", "g_gone"])
def test_an_index_that_lost_its_files_is_missing(tmp_path: Path, current: str) -> None:
    engine = TantivyEngine(tmp_path)
    engine.rebuild("s_1", [CATALOG])
    (tmp_path / "s_1" / "CURRENT").write_text(current)

    with pytest.raises(SearchIndexMissing):
        engine.search("s_1", SearchQuery())


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> TantivyEngine:
    engine = TantivyEngine(tmp_path_factory.mktemp("search"))
    engine.rebuild("s_1", [CATALOG])
    return engine


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=60), label=st.text(max_size=20))
def test_no_text_and_no_label_is_an_error(indexed: TantivyEngine, text: str, label: str) -> None:
    query = SearchQuery(text=text, category=label, brands=(label,), options={label: (text,)}, facets=("options",))

    found = indexed.search("s_1", query)

    assert len(found.ids) == found.total <= 6
    assert len(indexed.suggest("s_1", text, 3)) <= 3


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("mug", "mug", 0), ("mug", "mugs", 1), ("mgu", "mug", 1), ("copper", "coffee", 3), ("", "ab", 2)],
)
def test_distance_counts_slips(one: str, other: str, expected: int) -> None:
    assert distance(one, other) == expected


KILLED = """
import os, signal, sys
from pathlib import Path
from souk.search_engines import tantivy_generation
from souk.search_engines.tantivy_engine import TantivyEngine
from tests.search.catalog import CATALOG

tantivy_generation.KEPT_AFTER = 2

def batches():
    ordered = sorted(CATALOG, key=lambda each: each.id)
    yield from (ordered[:1], ordered[1:2], ordered[2:3])
    os.kill(os.getpid(), signal.SIGKILL)

TantivyEngine(Path(sys.argv[1])).rebuild("s_1", batches(), recipe="the shop's settings")
"""


def test_a_killed_build_is_gone_on_with_and_another_recipe_begins_anew(tmp_path: Path) -> None:
    ordered = sorted(CATALOG, key=lambda each: each.id)
    engine = TantivyEngine(tmp_path)
    killed = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False)
    assert killed.returncode == -signal.SIGKILL

    begun = [engine.begun("s_1", recipe) for recipe in ("the shop's settings", "others", "")]
    neighbour = engine.begun("s_2", "the shop's settings")
    with pytest.raises(SearchIndexMissing):
        engine.search("s_1", SearchQuery())
    count = engine.rebuild("s_1", [ordered[2:]], recipe="the shop's settings")

    assert (begun, neighbour) == ([(ordered[1].id, 2), (0, 0), (0, 0)], (0, 0))
    assert count == engine.search("s_1", SearchQuery()).total == len(CATALOG)
    assert engine.begun("s_1", "the shop's settings") == (0, 0)
    assert len(list((tmp_path / "s_1").glob("g_*"))) == 1


def test_a_build_of_yesterday_and_a_refused_one_are_not_gone_on_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tantivy_generation, "KEPT_AFTER", 1)
    engine = TantivyEngine(tmp_path)

    def broken() -> Iterator[Sequence[ProductDocument]]:
        yield CATALOG[:1]
        raise ValueError("the database went away")

    with pytest.raises(ValueError, match="went away"):
        engine.rebuild("s_1", broken(), recipe="a")
    kept = engine.begun("s_1", "a")
    (mark,) = (tmp_path / "s_1").glob("g_*/BUILDING")
    os.utime(mark, (time.time() - 7_200,) * 2)
    late = engine.begun("s_1", "a")
    with pytest.raises(ZeroDivisionError):
        engine.rebuild("s_1", [CATALOG], Tuning(), lambda _: 1 / 0, "b")  # type: ignore[arg-type]

    assert (kept, late, engine.begun("s_1", "b")) == ((CATALOG[0].id, 1), (0, 0), (0, 0))
