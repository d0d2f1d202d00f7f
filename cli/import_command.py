"""`souk import`: bring data from other platforms into a shop."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

if TYPE_CHECKING:
    from souk.catalog.importing import ImportReport, Progress

SHOWN_PROBLEMS = 20


@click.group("import")
def import_group() -> None:
    """Bring data from other platforms into a shop."""


@import_group.command()
@click.argument("shop")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def products(*, shop: str, file: Path, as_json: bool) -> None:
    """Import Shopify's product CSV, plain or gzipped, into SHOP.

    Products whose handle the shop has are updated, so that an import that was broken off can be run again.
    A product that cannot be read is named and left out. Prices are in the shop's currency.
    """
    report = _import(shop, file)
    if as_json:
        facts = asdict(report) | {"problems": [problem.detail for problem in report.problems]}
        click.echo(json.dumps(facts, ensure_ascii=False))
        return
    click.echo(f"{report.created} products made, {report.updated} updated, {report.skipped} left out.")
    for problem in report.problems[:SHOWN_PROBLEMS]:
        click.echo(f"  {problem.detail}")
    if len(report.problems) > SHOWN_PROBLEMS:
        click.echo(f"  and {report.skipped - SHOWN_PROBLEMS} more; --json names 1,000 of them.")
    if report.pictures:
        click.echo(f"{report.pictures} pictures are addresses in the file and were not fetched.")


def _import(slug: str, file: Path) -> ImportReport:
    from souk.catalog.importing import import_shopify_csv
    from souk.kernel.db import transaction
    from souk.kernel.tenancy import control_scope
    from tenants.queries import tenant_by_slug

    with transaction(control_scope(), read_only=True) as session:
        scope = tenant_by_slug(session, slug).scope
    columns = (TextColumn("{task.fields[done]} products"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("products", total=file.stat().st_size, done=0)

        def advance(progress: Progress) -> None:
            bar.update(task, completed=progress.bytes_read, done=progress.products)

        return import_shopify_csv(scope, file, advance)
