"""What every engine must do; each test runs on each of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from souk.search.engine import FacetName, ProductDocument, SearchEngine, Searching, SearchQuery, Tuning
from souk.search.errors import SearchIndexMissing
from souk.search_engines.meilisearch_engine import MeilisearchEngine
from souk.search_engines.tantivy_engine import TantivyEngine
from tests.search.catalog import CAFE, CATALOG, CLOTH, KETTLE, LAMP, MUG, POT
from tests.search.meilisearch_double import KEY, Double

SHOP, OTHER_SHOP = "s_1", "s_2"


@pytest.fixture
def meilisearch() -> Iterator[Double]:
    with Double.running() as double:
        yield double


@pytest.fixture(params=["tantivy", "meilisearch"])
def engine(request: pytest.FixtureRequest, tmp_path: Path, meilisearch: Double) -> SearchEngine:
    tantivy = request.param == "tantivy"
    built: SearchEngine = TantivyEngine(tmp_path) if tantivy else MeilisearchEngine(meilisearch.url, KEY)
    built.rebuild(SHOP, [CATALOG[:4], CATALOG[4:]])
    built.rebuild(OTHER_SHOP, [])
    return built


def ids(engine: SearchEngine, **query: Any) -> tuple[int, ...]:
    return engine.search(SHOP, SearchQuery(**query)).ids


def counts(engine: SearchEngine, name: FacetName, **query: Any) -> dict[str, dict[str, int]]:
    found = engine.search(SHOP, SearchQuery(facets=(name,), **query)).facets
    return {facet.name: {value.value: value.count for value in facet.values} for facet in found}


def test_a_name_ranks_over_a_description_over_a_brand(engine: SearchEngine) -> None:
    assert ids(engine, text="kettle") == (KETTLE, MUG, POT)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("kettles", KETTLE), ("COPPER", KETTLE), ("cafe table", CAFE), ("café", CAFE), ("coper", KETTLE),
        ("ket-001", KETTLE), ("4006381333931", KETTLE), ("stoneware mug", MUG), ("lamps", LAMP),
    ],
)  # fmt: skip
def test_words_are_found_in_other_forms_and_codes_exactly(engine: SearchEngine, text: str, first: int) -> None:
    assert ids(engine, text=text)[:1] == (first,)


def test_a_misspelt_word_offers_its_spelling(engine: SearchEngine) -> None:
    result = engine.search(SHOP, SearchQuery(text="stonewear mug"))

    assert result.ids[:1] == (MUG,)
    # Meilisearch corrects without telling how.
    assert result.suggestions == (("stoneware mug",) if isinstance(engine, TantivyEngine) else ())


@pytest.mark.parametrize("text", ["xyzzy", "\x00", "!!!", "'; DROP SCHEMA", "(((", "a" * 500, "🫖"])
def test_text_that_nothing_has_finds_nothing(engine: SearchEngine, text: str) -> None:
    result = engine.search(SHOP, SearchQuery(text=text))

    assert (result.ids, result.total) == ((), 0)


def test_another_shop_sees_nothing(engine: SearchEngine) -> None:
    result = engine.search(OTHER_SHOP, SearchQuery(text="kettle"))

    assert (result.ids, result.total) == ((), 0)
    assert engine.search(OTHER_SHOP, SearchQuery()).total == 0
    assert engine.suggest(OTHER_SHOP, "kett", 5) == ()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"category": "Kitchen > Cups"}, {MUG, POT}), ({"category": "kitchen"}, {KETTLE, MUG, POT, CLOTH}),
        ({"brands": ("harbour", "Kettle")}, {KETTLE, LAMP, CAFE, POT}), ({"in_stock": False}, {POT, CAFE}),
        ({"price_from": 1400, "price_to": 5600}, {MUG, POT, LAMP}), ({"rating_min": 45}, {KETTLE, MUG}),
        ({"price_from": 10**30}, set()), ({"price_to": 10**30, "brands": ("Kettle",)}, {POT}),
        ({"options": {"Color": ("White", "Copper")}}, {KETTLE, MUG}), ({"collection_id": 7}, {KETTLE}),
        ({"options": {"Color": ("Black",)}, "brands": ("Harbour",)}, {KETTLE, LAMP}), ({"category": "Nothing"}, set()),
    ],
)  # fmt: skip
def test_filters_narrow_the_hits(engine: SearchEngine, query: dict[str, Any], expected: set[int]) -> None:
    result = engine.search(SHOP, SearchQuery(**query))

    assert (set(result.ids), result.total) == (expected, len(expected))


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("price-ascending", (CLOTH, MUG, POT, LAMP, KETTLE, CAFE)),
        ("price-descending", (CAFE, KETTLE, LAMP, POT, MUG, CLOTH)),
        ("title-ascending", (CAFE, KETTLE, LAMP, CLOTH, MUG, POT)),
        ("created-descending", (CAFE, CLOTH, LAMP, POT, MUG, KETTLE)),
        ("best-rating", (MUG, KETTLE, LAMP, POT, CLOTH, CAFE)),
        ("relevance", (MUG, KETTLE, LAMP, POT, CLOTH, CAFE)),
    ],
)
def test_sorts_are_total_orders(engine: SearchEngine, sort: str, expected: tuple[int, ...]) -> None:
    assert ids(engine, sort=sort) == expected


def test_equal_hits_are_ordered_by_rating_then_price(engine: SearchEngine) -> None:
    shape = ProductDocument(id=0, version=1, handle="x", title="Brass Hook", price_min=500, price_max=500, rating=30)
    engine.index(
        SHOP,
        [replace(shape, id=11), replace(shape, id=12, price_min=400), replace(shape, id=13, rating=50)],
    )

    assert ids(engine, text="brass hook") == (13, 12, 11)


def test_pages_cut_the_same_order(engine: SearchEngine) -> None:
    pages = [ids(engine, sort="price-ascending", limit=4, page=page) for page in (1, 2, 3, 10**9)]

    assert pages == [(CLOTH, MUG, POT, LAMP), (KETTLE, CAFE), (), ()]


def test_a_chosen_facet_keeps_its_other_values_and_narrows_the_others(engine: SearchEngine) -> None:
    assert counts(engine, "brand", brands=("Kettle",), category="Kitchen") == {
        "brand": {"Clayworks": 2, "Harbour": 1, "Kettle": 1}
    }
    assert counts(engine, "category", brands=("Harbour",)) == {
        "category": {"Living": 2, "Kitchen": 1, "Kitchen > Kettles": 1, "Living > Lamps": 1}
    }
    assert counts(engine, "options", options={"Color": ("White",)}) == {
        "option.Color": {"Black": 3, "Copper": 1, "White": 1}
    }


def test_stock_rating_and_price_are_facets(engine: SearchEngine) -> None:
    assert counts(engine, "in_stock") == {"in_stock": {"true": 4, "false": 2}}
    assert counts(engine, "rating", rating_min=40) == {"rating": {"40": 2, "30": 3, "20": 4, "10": 4}}
    assert list(counts(engine, "price", price_to=1000, brands=("Harbour",))["price"]) == ["5600", "24000"]
    assert counts(engine, "price", text="xyzzy") == {"price": {}}


def test_an_older_version_changes_nothing_and_a_newer_one_replaces(engine: SearchEngine) -> None:
    newer, older = (replace(CATALOG[0], version=number, title=f"Version {number}") for number in (5, 4))
    engine.index(SHOP, [newer])
    engine.index(SHOP, [older])

    assert ids(engine, text="copper version 5")[:1] == (KETTLE,)
    assert engine.search(SHOP, SearchQuery()).total == 6
    assert ids(engine, text="version") == (KETTLE,)
    engine.index(SHOP, [older, replace(older, version=6, title="Newest"), older])
    assert ids(engine, text="newest") == (KETTLE,)


def test_removed_documents_are_gone(engine: SearchEngine) -> None:
    engine.remove(SHOP, [KETTLE, 999])

    assert ids(engine, text="kettle") == (MUG, POT)
    assert engine.search(SHOP, SearchQuery()).total == 5


@pytest.mark.parametrize(
    ("text", "expected"),
    [("kett", ("kettle", "kettles")), ("Copper ke", ("copper kettle", "copper kettles")), ("", ()), ("zzz", ())],
)
def test_typing_is_completed_from_the_shops_own_words(
    engine: SearchEngine, text: str, expected: tuple[str, ...]
) -> None:
    assert engine.suggest(SHOP, text, 5) == expected
    assert engine.suggest(SHOP, text, 1) == expected[:1]


def test_a_failed_rebuild_leaves_the_old_index(engine: SearchEngine) -> None:
    def broken() -> Iterator[Sequence[ProductDocument]]:
        yield CATALOG[:1]
        raise ValueError("the database went away")

    with pytest.raises(ValueError, match="went away"):
        engine.rebuild(SHOP, broken())

    assert engine.search(SHOP, SearchQuery()).total == 6


def test_a_rebuild_replaces_everything(engine: SearchEngine) -> None:
    assert engine.rebuild(SHOP, [CATALOG[:2]]) == 2

    assert set(ids(engine)) == {KETTLE, MUG}


def test_a_dropped_index_is_missing_and_others_stay(engine: SearchEngine) -> None:
    engine.drop(SHOP)
    engine.drop(SHOP)
    engine.remove(SHOP, [KETTLE])

    with pytest.raises(SearchIndexMissing):
        engine.search(SHOP, SearchQuery())
    with pytest.raises(SearchIndexMissing):
        engine.index(SHOP, CATALOG)
    assert engine.search(OTHER_SHOP, SearchQuery()).total == 0
    engine.ping()


def test_pinned_come_first_then_boosted_then_the_rest(engine: SearchEngine) -> None:
    query = SearchQuery(text="kettle", pinned=(LAMP, POT), boosted=(MUG, CLOTH))

    result = engine.search(SHOP, query)

    assert (result.ids, result.total) == ((LAMP, POT, MUG, KETTLE), 4)
    pages = [engine.search(SHOP, replace(query, limit=1, page=page)).ids for page in range(1, 6)]
    assert pages == [(LAMP,), (POT,), (MUG,), (KETTLE,), ()]
    assert [engine.search(SHOP, replace(query, limit=3, page=page)).ids for page in (1, 2)] == [
        (LAMP, POT, MUG),
        (KETTLE,),
    ]


def test_pinned_keep_to_the_filters_and_to_relevance(engine: SearchEngine) -> None:
    pinned = {"pinned": (LAMP,), "text": "kettle"}

    assert ids(engine, **pinned, category="Kitchen") == (KETTLE, MUG, POT)
    assert ids(engine, **pinned, sort="price-ascending") == (MUG, POT, KETTLE)


def test_hidden_are_found_by_nobody(engine: SearchEngine) -> None:
    hidden = SearchQuery(text="kettle", hidden=(KETTLE,), facets=("brand",))

    result = engine.search(SHOP, hidden)

    assert (result.ids, result.total) == ((MUG, POT), 2)
    assert [(value.value, value.count) for value in result.facets[0].values] == [("Clayworks", 1), ("Kettle", 1)]
    assert ids(engine, text="kettle", hidden=(KETTLE,), sort="price-ascending") == (MUG, POT)


def test_synonyms_find_each_other_and_stop_words_are_passed_over(engine: SearchEngine) -> None:
    tuning = Tuning(synonyms=(("samovar", "kettle"), ("light", "lamp")), stop_words=("cheap",))
    assert ids(engine, text="samovar") == ()

    engine.rebuild(SHOP, [CATALOG], tuning)

    assert ids(engine, text="samovar")[0] == KETTLE
    assert set(ids(engine, text="samovar")) == {KETTLE, MUG, POT}
    assert ids(engine, text="cheap tea pot")[0] == POT
    engine.index(SHOP, [replace(CATALOG[0], version=2, price_min=1)])
    assert KETTLE in ids(engine, text="samovar")


def test_a_refused_index_never_goes_live(engine: SearchEngine) -> None:
    seen: list[tuple[int, ...]] = []

    def refuse(search: Searching) -> None:
        seen.append(search(SearchQuery(text="kettle")).ids)
        seen.append(search(SearchQuery(text="kettle", pinned=(MUG,))).ids)
        raise ValueError("not good enough")

    with pytest.raises(ValueError, match="not good enough"):
        engine.rebuild(SHOP, [CATALOG[:2]], Tuning(synonyms=(("samovar", "kettle"),)), refuse)

    assert seen == [(KETTLE, MUG), (MUG, KETTLE)]
    assert ids(engine, text="kettle") == (KETTLE, MUG, POT)
    assert ids(engine, text="samovar") == ()


def test_versions_are_those_indexed_of_this_shop(engine: SearchEngine) -> None:
    engine.index(SHOP, [replace(CATALOG[1], version=7)])

    assert engine.versions(SHOP, MUG, LAMP) == {MUG: 7, POT: 1, LAMP: 1}
    assert engine.versions(SHOP, 100, 200) == {}
    assert engine.versions(OTHER_SHOP, 0, 100) == {}
