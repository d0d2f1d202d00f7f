"""`souk search` measures on judgments, runs the tests and mends the index."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import update

from cli.main import main
from souk.catalog.models import Product
from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope, control_scope
from souk.search.engine import SearchQuery
from souk.search.evaluation import evaluate, misspelt, ndcg
from souk.search.index import rebuild_index
from souk.search.promises import add_search_test
from souk.search_engines.configured import engine_from
from tenants.queries import tenant_by_id
from tests.fixtures.shops import make_shop
from tests.search.products import save


def souk(scope: TenantScope, command: str, *arguments: str) -> Result:
    with transaction(control_scope(), read_only=True) as session:
        slug = tenant_by_id(session, scope.tenant_id).slug
    return CliRunner().invoke(main, ["search", command, slug, *arguments])


@pytest.fixture
def bench(platform: None) -> tuple[TenantScope, int, int]:
    scope = make_shop()
    with transaction(scope) as session:
        ids = save(session, "Wooden Bench", sku="B-1"), save(session, "Wooden Stool", sku="S-1")
    rebuild_index(engine_from(config()), scope)
    return scope, *ids


def test_gains_are_discounted_by_rank_and_unjudged_hits_gain_nothing() -> None:
    assert ndcg([1, 2], {1: 3, 2: 1}) == 1.0
    assert ndcg([9, 1], {1: 3}) == pytest.approx(0.6309, abs=1e-4)
    assert ndcg([], {1: 3}) == 0.0


def test_an_evaluation_leaves_out_queries_without_relevant_products() -> None:
    found = evaluate({"a": {1: 3, 2: 1}, "b": {1: 0}, "c": {5: 2}}, {"a": [1], "b": [1], "c": []}.__getitem__)

    assert (found.queries, found.judged) == (3, 2)
    assert found.without_results == pytest.approx(1 / 3)
    assert found.recall == pytest.approx(0.25)
    assert found.ndcg == pytest.approx(3 / (3 + 1 / 1.58496) / 2, abs=1e-4)


@pytest.mark.parametrize("query", ["wooden bench", "stool", "wireless mouse pad"])
def test_a_slip_changes_one_word_and_repeats(query: str) -> None:
    slips = [misspelt(query, seed) for seed in range(8)]

    assert slips == [misspelt(query, seed) for seed in range(8)]
    assert any(slip != query for slip in slips)
    assert all(len(slip.split()) == len(query.split()) for slip in slips)
    assert misspelt("tv") == "tv"


def test_evaluate_reads_judgments_by_sku(bench: tuple[TenantScope, int, int], tmp_path: Path) -> None:
    judgments = tmp_path / "judgments.csv"
    judgments.write_text("query,docid,rating\nbench,B-1,3\nbench,S-1,0\nwooden,S-1,2\nzebra,GONE,3\n")

    plain = souk(bench[0], "evaluate", str(judgments), "--json")
    spoken = souk(bench[0], "evaluate", str(judgments), "--typos")

    facts = json.loads(plain.stdout)
    assert (facts["queries"], facts["judged"], facts["without_results"]) == (3, 3, pytest.approx(1 / 3))
    assert facts["recall"] == pytest.approx(2 / 3)
    assert spoken.exit_code == 0, spoken.output
    assert spoken.stdout.startswith("NDCG@10 0.")


@pytest.mark.parametrize(
    ("content", "sentence"), [("a,b\n1,2\n", "has no columns"), ("query,docid,rating\nx,y,good\n", "line 2")]
)
def test_a_bad_file_is_refused_in_a_sentence(
    bench: tuple[TenantScope, int, int], tmp_path: Path, content: str, sentence: str
) -> None:
    judgments = tmp_path / "judgments.csv"
    judgments.write_text(content)

    result = souk(bench[0], "evaluate", str(judgments))

    assert result.exit_code == 1
    assert sentence in result.output


def test_the_tests_of_a_shop_decide_the_exit_code(bench: tuple[TenantScope, int, int]) -> None:
    scope, first, second = bench
    with transaction(scope) as session:
        add_search_test(session, "bench", first, 1)
    passed = souk(scope, "test")
    with transaction(scope) as session:
        add_search_test(session, "bench", second, 1)

    failed = souk(scope, "test")

    assert (passed.exit_code, failed.exit_code) == (0, 1)
    assert f"FAILED: 'bench' shows product {second} not found, wanted in 1." in failed.stdout


def test_compare_tells_and_mends(bench: tuple[TenantScope, int, int]) -> None:
    scope, first, _ = bench
    with transaction(scope) as session:
        session.execute(update(Product).where(Product.id == first).values(title="Iron Bench", version=2))

    told = souk(scope, "compare", "--dry-run")
    mended = souk(scope, "compare")
    again = souk(scope, "compare", "--dry-run")

    assert (told.exit_code, mended.exit_code, again.exit_code) == (1, 0, 0)
    assert "1 were outdated" in told.stdout
    assert engine_from(config()).search(scope.schema, SearchQuery(text="iron")).ids == (first,)
