"""A new index goes live only when the search tests pass; nightly, index and database are compared and mended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from souk.catalog.models import Product
from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.events import Event
from souk.kernel.outbox import publish
from souk.kernel.tenancy import TenantScope
from souk.search import index
from souk.search.compare import compare_if_due, compare_index
from souk.search.engine import SearchEngine, SearchQuery
from souk.search.errors import IndexRefused
from souk.search.index import changes_the_index, consumer, rebuild_index, takes_long, update_index
from souk.search.models import SearchRun, SearchTest
from souk.search.promises import add_search_test
from souk.search.rules import RuleDraft, save_rule
from souk.search.save_settings import save_search_settings
from souk.search.settings import FacetChoice, SearchSettings
from souk.search_engines.meilisearch_engine import MeilisearchEngine
from souk.search_engines.tantivy_engine import TantivyEngine
from souk.worker import consumers
from souk.worker.deliver import deliver
from souk.worker.relay import relay
from tests.fixtures.shops import make_shop
from tests.search.meilisearch_double import KEY, Double
from tests.search.products import save


@pytest.fixture(params=["tantivy", "meilisearch"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SearchEngine]:
    if request.param == "tantivy":
        yield TantivyEngine(tmp_path)
        return
    with Double.running() as double:
        yield MeilisearchEngine(double.url, KEY)


def runs(scope: TenantScope) -> list[tuple[str, str, int]]:
    with transaction(scope, read_only=True) as session:
        query = select(SearchRun.kind, SearchRun.status, SearchRun.products).order_by(SearchRun.id)
        return [tuple(row) for row in session.execute(query)]  # type: ignore[misc]


def test_a_failing_test_refuses_the_new_index_and_a_rule_lets_it_pass(platform: None, engine: SearchEngine) -> None:
    scope = make_shop()
    with transaction(scope) as session:
        bench, stool = save(session, "Oak Bench"), save(session, "Oak Stool")
        save(session, "Hidden", status="draft")
    rebuild_index(engine, scope)
    with transaction(scope) as session:
        test_id = add_search_test(session, "bench", stool, 2)

    with pytest.raises(IndexRefused, match="bench") as refused:
        rebuild_index(engine, scope)
    after_refusal = engine.search(scope.schema, SearchQuery(text="bench")).ids
    with transaction(scope) as session:
        save_rule(session, RuleDraft("bench", pinned=(stool,)))
    rebuild_index(engine, scope)

    assert refused.value.failures == (
        {"terms": "bench", "product_id": stool, "title": "Oak Stool", "within": 2, "found_at": None},
    )
    assert after_refusal == (bench,)
    assert runs(scope) == [("rebuild", "live", 2), ("rebuild", "refused", 0), ("rebuild", "live", 2)]
    with transaction(scope, read_only=True) as session:
        assert session.scalar(select(SearchTest.found_at).where(SearchTest.id == test_id)) == 1


def test_a_shop_without_an_index_gets_one_whatever_its_tests_say(platform: None, engine: SearchEngine) -> None:
    scope = make_shop()
    with transaction(scope) as session:
        save(session, "Oak Bench")
        add_search_test(session, "zebra", save(session, "Oak Stool"))

    assert rebuild_index(engine, scope) == 2


def test_a_test_of_a_product_that_nobody_may_see_is_not_run(platform: None, engine: SearchEngine) -> None:
    scope = make_shop()
    with transaction(scope) as session:
        save(session, "Oak Bench")
        hidden = save(session, "Oak Stool")
    rebuild_index(engine, scope)
    with transaction(scope) as session:
        add_search_test(session, "stool", hidden)
        session.execute(update(Product).where(Product.id == hidden).values(status="draft"))

    assert rebuild_index(engine, scope) == 1


def test_saved_synonyms_and_facets_are_in_force_after_the_worker_ran(
    platform: None, engine: SearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    scope = make_shop()
    with transaction(scope) as session:
        laptop = save(
            session,
            "Silver Notebook",
            specifications=[{"name": "Cores", "value": "8"}],
            metafields={"custom.color": ["Silver", "Gray"], "custom.secret": "x"},
        )
    rebuild_index(engine, scope)
    monkeypatch.setattr(consumers, "_consumers", {})
    on_event = consumer(engine)
    for name in index.EVENTS:
        consumers.register(name, index.CONSUMER_NAME, on_event, wants=changes_the_index)
    facets = (FacetChoice("specification.Cores"), FacetChoice("metafield.custom.color"))
    with transaction(scope) as session:
        save_search_settings(session, SearchSettings((("laptop", "notebook"),), (), facets))
        publish(session, Event("settings.updated", 0, {"name": "shop"}))

    for delivery in relay(scope.pod):
        deliver(scope.pod, delivery)

    found = engine.search(scope.schema, SearchQuery(text="laptop", facets=("options",)))
    assert found.ids == (laptop,)
    assert {facet.name: [each.value for each in facet.values] for facet in found.facets} == {
        "option.metafield.custom.color": ["Gray", "Silver"],
        "option.specification.Cores": ["8"],
    }
    chosen = SearchQuery(options={"metafield.custom.color": ("Gray",)})
    assert engine.search(scope.schema, chosen).ids == (laptop,)
    # By hand, for the new shop's event, and for its settings; the other group of settings is none of search's.
    assert runs(scope) == [("rebuild", "live", 1)] * 3


def test_what_is_saved_during_a_rebuild_is_right_after_it(platform: None, engine: SearchEngine) -> None:
    scope, added = make_shop(), list[int]()
    with transaction(scope) as session:
        kept, changed, gone = (save(session, f"Oak {name}") for name in ("Bench", "Stool", "Desk"))
    rebuild_index(engine, scope)

    def meanwhile(_count: int) -> None:
        with transaction(scope) as session:
            added.append(save(session, "Oak Lamp"))
            session.execute(update(Product).where(Product.id == changed).values(title="Elm Stool", version=2))
            session.execute(update(Product).where(Product.id == gone).values(status="archived"))
        update_index(engine, scope, [*added, changed, gone])

    rebuild_index(engine, scope, lambda count: None if added else meanwhile(count))

    assert set(engine.search(scope.schema, SearchQuery(text="oak")).ids) == {kept, *added}
    assert engine.search(scope.schema, SearchQuery(text="elm")).ids == (changed,)


def test_a_worker_asks_once_for_a_lost_index_and_long_work_builds_it(
    platform: None, engine: SearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    scope = make_shop()
    with transaction(scope) as session:
        ids = [save(session, "Oak Bench"), save(session, "Oak Stool")]
    monkeypatch.setattr(consumers, "_consumers", {})
    on_event = consumer(engine)
    for name in index.EVENTS:
        consumers.register(name, index.CONSUMER_NAME, on_event, wants=changes_the_index, long=takes_long)
    deliver_all(scope)
    engine.drop(scope.schema)
    with transaction(scope) as session:
        publish(session, *(Event("product.updated", product_id) for product_id in ids))

    deliver_all(scope)

    assert engine.search(scope.schema, SearchQuery()).total == 2
    assert runs(scope) == [("rebuild", "live", 2)] * 2
    wanted = Event("settings.updated", 0, {"name": index.MISSING})
    assert [takes_long(event) for event in (wanted, Event("product.updated", 1))] == [True, False]


def deliver_all(scope: TenantScope) -> None:
    while made := relay(scope.pod):
        for delivery in made:
            deliver(scope.pod, delivery)


def test_the_comparison_finds_and_mends_every_difference(platform: None, engine: SearchEngine) -> None:
    scope, neighbour = make_shop(), make_shop()
    with transaction(scope) as session:
        kept, changed, gone = (save(session, f"Oak {name}") for name in ("Bench", "Stool", "Desk"))
    with transaction(neighbour) as session:
        save(session, "Ash Bench")
    for each in (scope, neighbour):
        rebuild_index(engine, each)
    with transaction(scope) as session:
        added = save(session, "Oak Lamp")
        session.execute(update(Product).where(Product.id == changed).values(title="Elm Stool", version=2))
        session.execute(update(Product).where(Product.id == gone).values(status="archived"))

    seen = compare_index(engine, scope, mend=False)
    untouched = engine.search(scope.schema, SearchQuery()).total
    mended = compare_index(engine, scope)
    after = compare_index(engine, scope)

    assert (seen.absent, seen.outdated, seen.surplus) == ([added], [changed], [gone])
    assert (untouched, mended.differing, after.differing) == (3, sorted([added, changed, gone]), [])
    assert set(engine.search(scope.schema, SearchQuery(text="oak")).ids) == {kept, added}
    assert engine.search(scope.schema, SearchQuery(text="elm")).ids == (changed,)
    assert [run[:2] for run in runs(scope)] == [
        ("rebuild", "live"), ("comparison", "mended"), ("comparison", "equal"),
    ]  # fmt: skip
    assert engine.search(neighbour.schema, SearchQuery()).total == 1


def test_each_shop_is_compared_once_a_day(platform: None, tmp_path: Path) -> None:
    engine, scope, neighbour = TantivyEngine(tmp_path), make_shop(), make_shop()
    for each in (scope, neighbour):
        rebuild_index(engine, each)

    first = [compare_if_due(engine, each) for each in (scope, scope)]
    theirs = compare_if_due(engine, neighbour)
    with clock.frozen(clock.now() + timedelta(hours=25)):
        again = [compare_if_due(engine, scope) for _ in range(2)]

    assert (first, theirs, again) == ([True, False], True, [True, False])
    assert [run[0] for run in runs(scope)] == ["rebuild", "comparison", "comparison"]


def test_the_comparison_builds_a_missing_index(platform: None, engine: SearchEngine) -> None:
    scope = make_shop()
    with transaction(scope) as session:
        save(session, "Oak Bench")

    compare_index(engine, scope)

    assert engine.search(scope.schema, SearchQuery()).total == 1
