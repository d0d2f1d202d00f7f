"""What only a server can do wrong: refuse, vanish, answer late, and change while an index is rebuilt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from souk.kernel.config import load
from souk.search.engine import ProductDocument, SearchQuery, Tuning
from souk.search.errors import SearchIndexMissing, SearchUnavailable
from souk.search_engines.configured import engine_from
from souk.search_engines.meilisearch_documents import settings_for
from souk.search_engines.meilisearch_engine import MeilisearchEngine
from souk.search_engines.tantivy_engine import TantivyEngine
from tests.search.catalog import CATALOG, KETTLE
from tests.search.meilisearch_double import KEY, Double


@pytest.fixture
def double() -> Iterator[Double]:
    with Double.running() as running:
        yield running


def test_a_down_server_is_unavailable_and_not_missing(double: Double) -> None:
    engine = MeilisearchEngine(double.url, KEY)
    engine.rebuild("s_1", [CATALOG])
    double.down = True

    for call in (lambda: engine.search("s_1", SearchQuery()), lambda: engine.index("s_1", CATALOG), engine.ping):
        with pytest.raises(SearchUnavailable) as raised:
            call()
        assert not isinstance(raised.value, SearchIndexMissing)


def test_a_server_that_is_not_there_is_unavailable() -> None:
    with Double.running() as gone:
        url = gone.url

    with pytest.raises(SearchUnavailable):
        MeilisearchEngine(url, KEY).suggest("s_1", "kett", 5)


def test_a_wrong_key_is_unavailable_and_changes_nothing(double: Double) -> None:
    with pytest.raises(SearchUnavailable, match="invalid_api_key"):
        MeilisearchEngine(double.url, "wrong").index("s_1", CATALOG)

    assert (double.indexes, double.tasks) == ({}, [])


def test_a_rebuild_leaves_one_index_with_the_settings(double: Double) -> None:
    engine = MeilisearchEngine(double.url, KEY)
    for _ in range(2):
        engine.rebuild("s_1", [CATALOG])

    assert list(double.indexes) == ["s_1"]
    assert double.indexes["s_1"].settings == settings_for(Tuning())


def test_a_change_during_a_rebuild_is_carried_over(double: Double) -> None:
    engine = MeilisearchEngine(double.url, KEY)
    engine.rebuild("s_1", [CATALOG])

    def batches() -> Iterator[Sequence[ProductDocument]]:
        yield CATALOG
        engine.index("s_1", [replace(CATALOG[0], version=2, title="Samovar")])

    engine.rebuild("s_1", batches())

    assert engine.search("s_1", SearchQuery(text="samovar")).ids == (KETTLE,)


@pytest.mark.parametrize("label", ['x" OR id > 0 OR brand_key = "', "a\\", "b] OR id IN [1", "c AND id = 1"])
def test_a_label_stays_a_label(double: Double, label: str) -> None:
    engine = MeilisearchEngine(double.url, KEY)
    engine.rebuild("s_1", [CATALOG])

    assert engine.search("s_1", SearchQuery(brands=(label,))).total == 0


def test_the_configuration_chooses_the_engine(double: Double) -> None:
    environment = {"SOUK_HOME": "/nowhere", "SOUK_SECRET_KEY": "tests only"}

    embedded = engine_from(load(environment))
    server = engine_from(load(environment | {"MEILI_URL": double.url, "MEILI_KEY": KEY}))

    assert isinstance(embedded, TantivyEngine)
    assert isinstance(server, MeilisearchEngine)
