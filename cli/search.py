"""`souk search`: measure it, test it, and compare its index with the shop."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from souk.kernel.tenancy import TenantScope
    from souk.search.engine import SearchQuery
    from souk.search.evaluation import Judgments

COLUMNS = {"query", "docid", "rating"}
TYPO_ROUNDS = 3


@click.group()
def search() -> None:
    """Measure a shop's search, run its tests, and compare its index with its products."""


@search.command()
@click.argument("shop")
@click.argument("judgments", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--typos", is_flag=True, help="Put one slip into every query of five letters or more.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def evaluate(*, shop: str, judgments: Path, typos: bool, as_json: bool) -> None:
    """Measure the live index of SHOP on JUDGMENTS, a CSV with query, docid (SKU or barcode) and rating (0 to 3)."""
    from souk.search.evaluation import evaluate as measure

    scope = _scope(shop)
    found = measure(_read(scope, judgments, misspelt_rounds=TYPO_ROUNDS if typos else 0), _searcher(scope))
    if as_json:
        click.echo(json.dumps(asdict(found)))
        return
    click.echo(f"NDCG@10 {found.ndcg:.4f} over {found.judged} of {found.queries} queries (linear gain)")
    click.echo(f"recall@100 {found.recall:.4f}")
    click.echo(f"without results {found.without_results:.1%}")
    click.echo(f"latency p50 {found.p50:.2f} ms, p99 {found.p99:.2f} ms")


@search.command()
@click.argument("shop")
@click.option("--dry-run", is_flag=True, help="Only tell what differs.")
def compare(*, shop: str, dry_run: bool) -> None:
    """Compare the index of SHOP with its products, and index what differs anew."""
    from souk.kernel.config import config
    from souk.search.compare import compare_index
    from souk.search_engines.configured import engine_from

    found = compare_index(engine_from(config()), _scope(shop), mend=not dry_run)
    click.echo(
        f"{found.products} products; {len(found.absent)} were not indexed, {len(found.outdated)} were outdated,"
        f" {len(found.surplus)} should not have been there."
    )
    if found.differing and dry_run:
        raise SystemExit(1)


@search.command()
@click.argument("shop")
def test(*, shop: str) -> None:
    """Run the search tests of SHOP against its live index; ends with 1 when one fails."""
    from souk.kernel.config import config
    from souk.kernel.db import transaction
    from souk.search.policy import read_policy
    from souk.search.trial import note_trials, read_trials, run_trials
    from souk.search_engines.configured import engine_from

    scope, engine = _scope(shop), engine_from(config())
    with transaction(scope, read_only=True) as session:
        policy, trials = read_policy(session), read_trials(session)
    done = run_trials(lambda query: engine.search(scope.schema, query), policy, trials)
    with transaction(scope) as session:
        note_trials(session, done)
    for trial in done:
        place = f"at {trial.found_at}" if trial.found_at else "not found"
        verdict = "passed" if trial.passed else "FAILED"
        click.echo(f"{verdict}: {trial.terms!r} shows product {trial.product_id} {place}, wanted in {trial.within}.")
    if not all(trial.passed for trial in done):
        raise SystemExit(1)


def _scope(slug: str) -> TenantScope:
    from souk.kernel.db import transaction
    from souk.kernel.tenancy import control_scope
    from tenants.queries import tenant_by_slug

    with transaction(control_scope(), read_only=True) as session:
        return tenant_by_slug(session, slug).scope


def _read(scope: TenantScope, path: Path, *, misspelt_rounds: int) -> Judgments:
    from souk.kernel.db import transaction
    from souk.search.evaluation import misspelt, products_by_code

    rows = _rows(path)
    with transaction(scope, read_only=True) as session:
        products = products_by_code(session, sorted({row["docid"] for row in rows}))
    grades: dict[str, dict[int, int]] = defaultdict(dict)
    for number, row in enumerate(rows):
        # A product that the shop has not got still counts: it could have been found.
        grades[row["query"]][products.get(row["docid"], -1 - number)] = int(row["rating"])
    if not misspelt_rounds:
        return grades
    return {misspelt(query, seed): of for seed in range(misspelt_rounds) for query, of in grades.items()}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        rows = list(reader)
    if not set(reader.fieldnames or ()) >= COLUMNS:
        raise click.ClickException(f"{path} has no columns query, docid and rating; write them as its first line.")
    for number, row in enumerate(rows, 2):
        if not (row["rating"] or "").isdecimal():
            raise click.ClickException(f"{path}, line {number}: the rating {row['rating']!r} is no whole number.")
    return rows


def _searcher(scope: TenantScope) -> Callable[[str], Sequence[int]]:
    from souk.kernel.config import config
    from souk.kernel.db import transaction
    from souk.search.evaluation import RECALLED
    from souk.search.policy import read_policy
    from souk.search_engines.configured import engine_from

    engine = engine_from(config())
    with transaction(scope, read_only=True) as session:
        policy = read_policy(session)

    def ask(text: str) -> Sequence[int]:
        query: SearchQuery = policy.applied(_query(text, RECALLED))
        return engine.search(scope.schema, query).ids

    return ask


def _query(text: str, limit: int) -> SearchQuery:
    from souk.search.engine import SearchQuery

    return SearchQuery(text=text, limit=limit)
